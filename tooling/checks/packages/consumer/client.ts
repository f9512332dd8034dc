/** A session of the installed `holdfast`, from a program. */
import assert from 'node:assert/strict'
import {join} from 'node:path'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'

const cli = join(import.meta.dirname, 'node_modules/holdfast/dist/cli.js')
const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway']})})
const id = await client.createSession({cwd: process.cwd()})
let output = ''
const over = Promise.withResolvers<void>()
const session = await client.openSession(id, {
  onEvent(event) {
    if (event.type === 'message.delta' && 'text' in event.payload) output += event.payload.text
    if (event.type === 'message.complete') over.resolve()
  },
})
await session.submit('echo hi')
await over.promise
assert.equal(output, 'hi\r\n')
await session.close()
await client.close()
