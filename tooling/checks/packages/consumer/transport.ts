import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {createConnection, type Handlers} from '@holdfast/rpc'
import {createNdjsonDecoder} from '@holdfast/transport'
import {connectSocket, listenSocket} from '@holdfast/transport/socket'
import {createChildTransport} from '@holdfast/transport/stdio'

const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
const path = join(folder, 'socket')
interface Greeter {
  greet(params: {name: string}): string
}

const handlers: Handlers<Greeter> = {greet: ({name}) => `Hello ${name}`}
const listener = await listenSocket(path, (transport) => void createConnection<Greeter>(transport, {handlers}))
const peer = createConnection<object, Greeter>(await connectSocket(path))
assert.equal(await peer.request('greet', {name: 'Ada'}), 'Hello Ada')
await peer.close()
await listener.close()
await rm(folder, {recursive: true})

assert.equal(typeof createNdjsonDecoder, 'function')
assert.equal(typeof createChildTransport, 'function')
