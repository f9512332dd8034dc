import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'

import {createConnection} from '@holdfast/rpc'
import {createChildTransport} from '@holdfast/transport/stdio'

import type {Child, Parent} from './methods.ts'

const script = fileURLToPath(new URL('child.ts', import.meta.url))
const child = spawn(process.execPath, ['--conditions=holdfast-source', script], {stdio: ['pipe', 'pipe', 'inherit']})

const peer = createConnection<Parent, Child>(createChildTransport(child), {
  handlers: {
    // The child asks this while it works on `dinner`.
    favorite: ({course}) => (course === 'soup' ? 'leek and potato' : 'anything'),
  },
})

const dinner = await peer.request('dinner')
assert.equal(dinner, 'leek and potato soup')
console.log(`The parent asked, the child asked back: ${dinner}`)

const sleeping = peer.request('sleep')
child.kill('SIGKILL')
await assert.rejects(sleeping, {name: 'PeerGoneError', message: 'The peer is gone: its process was killed by SIGKILL'})
assert.equal(peer.notify('sleep'), false)
console.log('The child was killed, and the pending request rejected with the reason')
