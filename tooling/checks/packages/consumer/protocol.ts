import assert from 'node:assert/strict'

import {createSessionId, parseEvent, parseParams, reduceSession} from '@holdfast/protocol'

const sessionId = createSessionId()
assert.equal(parseParams('session.resume', {session_id: sessionId, after_seq: -100}).after_seq, -100)

const payload = {title: 'build', agent: 'shell', cwd: '/srv', created_at: 0}
const event = parseEvent({type: 'session.info', session_id: sessionId, seq: 1, at: 0, payload})
assert(event.type === 'session.info')
assert.equal(reduceSession(undefined, event).info.cwd, '/srv')
