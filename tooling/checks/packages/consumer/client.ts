/** A session of the installed `holdfast`, from a program. */
import assert from 'node:assert/strict'
import {join} from 'node:path'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'

const cli = join(import.meta.dirname, 'node_modules/holdfast/dist/cli.cjs')
const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway']})})
const session = await client.openSession(await client.createSession({cwd: process.cwd()}))
await session.submit('echo hi')
let output = ''
for await (const event of session.events()) {
  if (event.type === 'message.delta') output += event.payload.text ?? ''
  if (event.type === 'message.complete') break
}
assert.equal(output, 'hi\r\n')
await session.close()
await client.close()
