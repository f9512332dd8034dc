/** A program in a terminal, driven from another one. */
import assert from 'node:assert/strict'
import {join} from 'node:path'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {openProgram} from '@holdfast/drive'

const cli = join(import.meta.dirname, 'node_modules/holdfast/dist/cli.cjs')
const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway']})})
const program = await openProgram(client, ['cat'])
await program.keys('hello', 'Enter')
await program.waitFor({text: 'hello\nhello'})
assert.match(await program.text(), /^hello\nhello\n/)
await program.keys('C-d')
await program.waitFor({exit: true})
await client.close()
