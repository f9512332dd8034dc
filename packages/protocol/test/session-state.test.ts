import {describe, expect, test} from 'vitest'

import {
  createSessionId,
  listedTitle,
  reduceSession,
  sessionStateSchema,
  type NewEvent,
  type SessionState,
} from '../src/index.ts'

const sessionId = createSessionId()
const info: NewEvent = {type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/tmp', created_at: 1}}
const queued = (prompt_id: string): NewEvent => ({
  type: 'prompt.queued',
  payload: {prompt_id, text: prompt_id, position: 0},
})
const start = (prompt_id: string): NewEvent => ({type: 'message.start', payload: {prompt_id, text: prompt_id}})
const question = (approval_id: string, title: string) => ({
  type: 'approval.request' as const,
  payload: {approval_id, prompt_id: 'a', title, choices: [{id: 'y', label: 'Yes'}]},
})
const delta = (prompt_id: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text: 'out'}})
const complete = (prompt_id: string): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id, status: 'complete', duration_ms: 1},
})
const closed: NewEvent = {type: 'session.closed', payload: {reason: 'user'}}

function reduce(events: NewEvent[]): SessionState | undefined {
  return events
    .map((event, index) => ({...event, session_id: sessionId, seq: index + 1, at: 100 + index}))
    .reduce<SessionState | undefined>(reduceSession, undefined)
}

test('an untitled session is listed by the beginning of its first prompt, until it gets a title', () => {
  const untitled = {...info, payload: {...info.payload, untitled: true}} as NewEvent
  const titleAfter = (...events: NewEvent[]) => listedTitle(reduce(events)!)
  expect(titleAfter(untitled)).toBe('one')
  expect(titleAfter(untitled, queued('make test'), queued('ls'))).toBe('make test')
  expect(titleAfter(untitled, queued(`\n${'😀'.repeat(100)}`))).toBe('😀'.repeat(80))
  expect(titleAfter(untitled, queued('make test'), info)).toBe('one')
  expect(titleAfter(info, queued('make test'))).toBe('one')
})

describe('reduceSession', () => {
  test.each<[string, NewEvent[], Partial<SessionState>]>([
    [
      'begins with session.info',
      [info],
      {info: info.payload, running: null, queue: [], draft: '', approvals: [], closed: null},
    ],
    [
      'queues prompts in the order of their events',
      [info, queued('a'), queued('b')],
      {
        queue: [
          {prompt_id: 'a', text: 'a'},
          {prompt_id: 'b', text: 'b'},
        ],
      },
    ],
    [
      'removes a prompt from the queue when it starts',
      [info, queued('a'), queued('b'), start('a')],
      {
        running: {prompt_id: 'a', text: 'a', started_at: 103},
        queue: [{prompt_id: 'b', text: 'b'}],
      },
    ],
    [
      'has no running prompt after message.complete',
      [info, queued('a'), start('a'), complete('a')],
      {running: null, queue: []},
    ],
    [
      'keeps the running prompt when another one completes',
      [info, queued('a'), start('a'), complete('b')],
      {
        running: {prompt_id: 'a', text: 'a', started_at: 102},
      },
    ],
    ['does not count closing as use', [info, queued('a'), closed], {updated_at: 101}],
    [
      'drops waiting prompts when the session is closed',
      [info, queued('a'), queued('b'), start('a'), closed],
      {
        running: null,
        queue: [],
        closed: {reason: 'user'},
      },
    ],
    [
      'keeps a question once that the agent asked twice',
      [info, start('a'), question('q', 'Delete it?'), question('r', 'Push it?'), question('q', 'Delete it now?')],
      {approvals: [question('r', 'Push it?').payload, question('q', 'Delete it now?').payload]},
    ],
    [
      'takes the newest session.info',
      [info, {...info, payload: {...info.payload, cwd: '/'}}],
      {
        info: {...info.payload, cwd: '/'},
      },
    ],
  ])('%s', (_title, events, expected) => {
    expect(reduce(events)).toMatchObject(expected)
  })

  test('returns the same object for output, so that callers can skip unchanged states', () => {
    const state = reduce([info, queued('a'), start('a')]) as SessionState
    const event = {...delta('a'), session_id: sessionId, seq: 4, at: 200}
    expect(reduceSession(state, event)).toBe(state)
  })

  test('throws where the first event is not session.info', () => {
    expect(() => reduce([queued('a')])).toThrow('to be `session.info`, got `prompt.queued`')
  })
})

test('parsing a state without draft and approvals adds empty ones', () => {
  const {session_id, info: sessionInfo, updated_at, running, queue, closed: end} = reduce([info])!
  const older = {session_id, info: sessionInfo, updated_at, running, queue, closed: end}
  expect(sessionStateSchema().parse(older)).toMatchObject({draft: '', approvals: []})
})
