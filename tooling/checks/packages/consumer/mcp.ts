/** A server of the Model Context Protocol, at a transport that keeps what it sends. */
import assert from 'node:assert/strict'
import {join} from 'node:path'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {refuseFolder, serveMcp, type ServeMcpOptions} from '@holdfast/mcp'

type Transport = NonNullable<ServeMcpOptions['transport']>

const cli = join(import.meta.dirname, 'node_modules/holdfast/dist/cli.cjs')
const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway']})})
const sent = Promise.withResolvers<unknown>()
const transport: Transport = {
  start: async () => undefined,
  send: async (message) => sent.resolve(message),
  close: async () => undefined,
}
const server = serveMcp({client, version: '1.0.0', startFolder: '/', transport})
transport.onmessage?.({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {name: 'consumer', version: '1.0.0'}},
})
assert.match(JSON.stringify(await sent.promise), /"serverInfo":\{"name":"holdfast"/)
assert.match(refuseFolder('/etc', {folders: ['/home']}) ?? '', /got \/etc$/)
await server.close()
await client.close()
