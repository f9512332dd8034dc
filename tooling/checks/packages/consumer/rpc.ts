import assert from 'node:assert/strict'

import {createConnection, createMemoryPair} from '@holdfast/rpc'

interface Greeter {
  greet(params: {name: string}): string
}

const [near, far] = createMemoryPair()
createConnection<Greeter>(far, {handlers: {greet: ({name}) => `Hello ${name}`}})
const peer = createConnection<object, Greeter>(near)
assert.equal(await peer.request('greet', {name: 'Ada'}), 'Hello Ada')
await peer.close()
