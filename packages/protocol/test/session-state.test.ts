import {describe, expect, test} from 'vitest'

import {createSessionId, reduceSession, sessionStateSchema, type NewEvent, type SessionState} from '../src/index.ts'

const sessionId = createSessionId()
const info: NewEvent = {type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/tmp', created_at: 1}}
const queued = (prompt_id: string): NewEvent => ({
  type: 'prompt.queued',
  payload: {prompt_id, text: prompt_id, position: 0},
})
const start = (prompt_id: string): NewEvent => ({type: 'message.start', payload: {prompt_id, text: prompt_id}})
const delta = (prompt_id: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text: 'out'}})
const complete = (prompt_id: string): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id, status: 'complete', duration_ms: 1},
})
const closed: NewEvent = {type: 'session.closed', payload: {reason: 'user'}}

function fold(events: NewEvent[]): SessionState | undefined {
  return events
    .map((event, index) => ({...event, session_id: sessionId, seq: index + 1, at: 100 + index}))
    .reduce<SessionState | undefined>(reduceSession, undefined)
}

describe('reduceSession', () => {
  test.each<[string, NewEvent[], Partial<SessionState>]>([
    [
      'begins with session.info',
      [info],
      {info: info.payload, running: null, queue: [], draft: '', approvals: [], closed: null},
    ],
    [
      'keeps prompts in the order in which they came',
      [info, queued('a'), queued('b')],
      {
        queue: [
          {prompt_id: 'a', text: 'a'},
          {prompt_id: 'b', text: 'b'},
        ],
      },
    ],
    [
      'moves a prompt from the queue when it starts',
      [info, queued('a'), queued('b'), start('a')],
      {
        running: {prompt_id: 'a', text: 'a', started_at: 103},
        queue: [{prompt_id: 'b', text: 'b'}],
      },
    ],
    ['has nothing running after the end', [info, queued('a'), start('a'), complete('a')], {running: null, queue: []}],
    [
      'is not told by the end of another prompt that its own ended',
      [info, queued('a'), start('a'), complete('b')],
      {
        running: {prompt_id: 'a', text: 'a', started_at: 102},
      },
    ],
    [
      'was last used when its last prompt ended, not when it was closed',
      [info, queued('a'), closed],
      {updated_at: 101},
    ],
    [
      'drops what waited when the session is closed',
      [info, queued('a'), queued('b'), start('a'), closed],
      {
        running: null,
        queue: [],
        closed: {reason: 'user'},
      },
    ],
    [
      'takes the newest info',
      [info, {...info, payload: {...info.payload, cwd: '/'}}],
      {
        info: {...info.payload, cwd: '/'},
      },
    ],
  ])('%s', (_title, events, expected) => {
    expect(fold(events)).toMatchObject(expected)
  })

  test('gives the same object for output, so that nobody writes or draws what has not changed', () => {
    const state = fold([info, queued('a'), start('a')]) as SessionState
    const event = {...delta('a'), session_id: sessionId, seq: 4, at: 200}
    expect(reduceSession(state, event)).toBe(state)
  })

  test('refuses a session that begins with anything but session.info', () => {
    expect(() => fold([queued('a')])).toThrow('to be `session.info`, got `prompt.queued`')
  })
})

test('the state that an older host tells is read, with nothing in what it does not know', () => {
  const {session_id, info: ground, updated_at, running, queue, closed: end} = fold([info])!
  const older = {session_id, info: ground, updated_at, running, queue, closed: end}
  expect(sessionStateSchema().parse(older)).toMatchObject({draft: '', approvals: []})
})
