import {createMemoryLog} from '@holdfast/event-log'
import {createSessionId, errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

const choices = [
  {id: 'yes', label: 'Write it'},
  {id: 'no', label: 'Leave it'},
]

/** Opens a session whose agent has asked a question. */
function openAsking() {
  const log = createMemoryLog({sessionId: createSessionId()})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'acp', cwd: '/', created_at: 1}}])
  const agent = createHandDrivenAgent()
  const start = () => createSession({log, agent, onAppend() {}, onFault() {}, now: () => 0})
  const session = start()
  session.submit({promptId: 'a', text: 'write'})
  agent.ask({approvalId: 'q', title: 'May I write?', choices})
  return {log, agent, session, start}
}

test('a question of the agent is part of the state until a client answers it', () => {
  const {agent, log, session} = openAsking()
  expect(session.state.approvals).toEqual([{approval_id: 'q', prompt_id: 'a', title: 'May I write?', choices}])
  session.answer('q', 'yes')
  expect(session.state.approvals).toEqual([])
  expect(agent.answers).toEqual([{approvalId: 'q', choice: 'yes'}])
  expect(log.read().at(-1)).toMatchObject({type: 'approval.resolved', payload: {choice: 'yes', prompt_id: 'a'}})
})

test('the agent gets one answer; the same choice again is accepted, another one is rejected', () => {
  const {agent, session} = openAsking()
  session.answer('q', 'yes')
  session.answer('q', 'yes')
  expect(() => session.answer('q', 'no')).toThrow(expect.objectContaining({code: errorCodes.alreadyAnswered}))
  expect(agent.answers).toHaveLength(1)
})

test('an unknown question or choice is rejected', () => {
  const {agent, session} = openAsking()
  expect(() => session.answer('other', 'yes')).toThrow(expect.objectContaining({code: errorCodes.approvalNotFound}))
  expect(() => session.answer('q', 'maybe')).toThrow(expect.objectContaining({code: errorCodes.notAllowed}))
  expect(agent.answers).toEqual([])
})

test('a question ends with its prompt, even if the host died', async () => {
  const {agent, session} = openAsking()
  await agent.finish()
  expect(session.state.approvals).toEqual([])
  expect(openAsking().start().state).toMatchObject({running: null, approvals: []})
})
