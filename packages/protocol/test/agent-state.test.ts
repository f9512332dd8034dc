import {describe, expect, test} from 'vitest'

import {createSessionId, reduceSession, type NewEvent, type SessionState} from '../src/index.ts'

const session_id = createSessionId()
const created: NewEvent = {type: 'session.info', payload: {title: 't', agent: 'gemini', cwd: '/srv', created_at: 1}}

function stateAfter(...events: NewEvent[]): SessionState {
  let state: SessionState | undefined
  for (const [index, event] of [created, ...events].entries()) {
    state = reduceSession(state, {...event, session_id, seq: index + 1, at: index + 1})
  }
  return state!
}

const session: NewEvent = {type: 'agent.session', payload: {id: 'a', cwd: '/srv', prompts: 1}}
const ready: NewEvent = {type: 'agent.ready', payload: {by: 'new'}}
const exited: NewEvent = {type: 'agent.exited', payload: {reason: 'SIGKILL'}}
const unavailable: NewEvent = {type: 'agent.unavailable', payload: {reason: 'gave-up'}}

describe('the state of a coding agent', () => {
  test('is not there in a session without one', () => {
    expect(stateAfter({type: 'note', payload: {text: 'hi', level: 'info'}})).not.toHaveProperty('agent')
  })

  test('keeps the session of the agent when that dies', () => {
    expect(stateAfter(session, ready).agent).toMatchObject({is_ready: true, session: {id: 'a', prompts: 1}})
    expect(stateAfter(session, ready, exited).agent).toMatchObject({is_ready: false, session: {id: 'a', prompts: 1}})
  })

  test('says why the agent does not answer, until it is ready', () => {
    expect(stateAfter(session, unavailable).agent).toMatchObject({is_ready: false, unavailable: {reason: 'gave-up'}})
    expect(stateAfter(session, unavailable, ready).agent?.unavailable).toBeUndefined()
  })

  test('what the agent does by itself is no use of the session', () => {
    expect(stateAfter(session, ready, exited).updated_at).toBe(1)
  })

  test('the output of commands is shared with the next prompt, not with the next command', () => {
    const start = (in_shell?: true): NewEvent => ({
      type: 'message.start',
      payload: {prompt_id: 'p', text: 'hi', ...(in_shell && {in_shell})},
    })
    const shared: NewEvent = {type: 'prompt.shared', payload: {prompt_id: 'c'}}
    expect(stateAfter(shared, start(true)).agent?.shared).toEqual(['c'])
    expect(stateAfter(shared, start()).agent?.shared).toBeUndefined()
  })

  test('the last 16 commands are shared, each once', () => {
    const shared = Array.from({length: 18}, (_, at): NewEvent => ({
      type: 'prompt.shared',
      payload: {prompt_id: `c${at % 17}`},
    }))
    const ids = stateAfter(...shared).agent?.shared
    expect(ids).toHaveLength(16)
    expect(ids?.slice(-2)).toEqual(['c16', 'c0'])
  })

  test('knows the last command, and whether its shell has ended', () => {
    const start = (prompt_id: string, text: string): NewEvent => ({
      type: 'message.start',
      payload: {prompt_id, text, in_shell: true},
    })
    const ended: NewEvent = {type: 'shell.exited', payload: {}}
    expect(stateAfter(start('c', '!make'), start('s', '!!')).agent).toMatchObject({last_command: 'c', has_shell: true})
    expect(stateAfter(start('s', '!!')).agent).toBeUndefined()
    expect(stateAfter(start('c', '!make'), ended).agent?.has_shell).toBeUndefined()
    expect(stateAfter(ended)).not.toHaveProperty('agent')
  })
})

test('a question that was withdrawn is not open any more', () => {
  const payload = {approval_id: 'q', prompt_id: 'p', title: 'May I?', choices: [{id: 'y', label: 'Yes'}]}
  const asked: NewEvent = {type: 'approval.request', payload: {...payload, tool_call_id: 't'}}
  const withdrawn: NewEvent = {
    type: 'approval.withdrawn',
    payload: {approval_id: 'q', prompt_id: 'p', reason: 'the agent is gone'},
  }
  expect(stateAfter(asked).approvals).toEqual([{...payload, tool_call_id: 't'}])
  expect(stateAfter(asked, withdrawn).approvals).toEqual([])
})
