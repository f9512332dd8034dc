import assert from 'node:assert/strict'

import {createMemoryLog} from '@holdfast/event-log'
import {createSession, type Agent} from '@holdfast/host'
import {createSessionId} from '@holdfast/protocol'

const echo: Agent = {
  async prompt(text, {onStart, onOutput}) {
    onStart()
    onOutput(new TextEncoder().encode(text))
    return {status: 'complete', exitCode: 0}
  },
  input: () => false,
  interrupt() {},
  resize() {},
  pause() {},
  resume() {},
  async close() {},
}

const log = createMemoryLog({sessionId: createSessionId()})
log.append([{type: 'session.info', payload: {title: 'echo', agent: 'echo', cwd: '/', created_at: 0}}])
const session = createSession({log, agent: echo, onAppend() {}, onFault: assert.ifError})
assert.equal(session.submit({promptId: 'p1', text: 'hello'}), 'running')
await session.close('user')
assert.equal(log.read().at(-1)?.type, 'session.closed')
