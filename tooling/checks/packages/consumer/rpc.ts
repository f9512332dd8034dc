import assert from 'node:assert/strict'

import {createConnection, createMemoryPair} from '@holdfast/rpc'

const [near, far] = createMemoryPair()
createConnection(far, {handlers: {greet: ({name}: {name: string}) => `Hello ${name}`}})
const peer = createConnection(near)
assert.equal(await peer.request('greet', {name: 'Ada'}), 'Hello Ada')
await peer.close()
