import type {NewEvent} from '@holdfast/protocol'
import {afterEach, expect, test, vi} from 'vitest'

import {createTranscriptPrinter} from '../../src/export/transcript-printer.ts'

afterEach(() => vi.unstubAllEnvs())

const prompt_id = 'p'
const choices = [{id: 'y', label: 'Allow'}]
const events: readonly NewEvent[] = [
  {type: 'message.start', payload: {prompt_id, text: 'do it'}},
  {type: 'thought.delta', payload: {prompt_id, text: 'hm'}},
  {type: 'message.delta', payload: {prompt_id, text: 'I edit'}},
  {
    type: 'tool.call',
    payload: {
      prompt_id,
      tool_call_id: 't',
      title: 'Edit a.ts',
      content: [{type: 'diff', path: 'a.ts', oldText: 'old', newText: 'new'} as {type: string}],
    },
  },
  {type: 'approval.request', payload: {prompt_id, approval_id: 'q', title: 'May I?', choices, tool_call_id: 't'}},
  {type: 'approval.resolved', payload: {prompt_id, approval_id: 'q', choice: 'y', by: 'user'}},
  {type: 'tool.update', payload: {prompt_id, tool_call_id: 't', status: 'completed'}},
  {type: 'message.delta', payload: {prompt_id, text: 'That\u001b[2J is \u001b]0;owned\u0007it.'}},
  {type: 'message.complete', payload: {prompt_id, status: 'complete', duration_ms: 100}},
]

function print(isTerminal: boolean, shown = events): string {
  let printed = ''
  const write = (data: string | Uint8Array) => void (printed += Buffer.from(data).toString())
  const printer = createTranscriptPrinter(write, {isTerminal, isLive: false})
  shown.forEach((event, index) => {
    printer.print({...event, session_id: '0123456789', seq: index + 1, at: 0}, undefined)
  })
  printer.flush()
  return printed
}

const lines = [
  '❯ do it',
  'Thinking: hm',
  'I edit',
  '⚙ Edit a.ts',
  '  a.ts',
  '  - old',
  '  + new',
  'The agent asks: May I? (Allow)',
  'Answered: Allow',
  '⚙ Edit a.ts · done',
  'That is it.',
  '✓ 0.1 s',
  '',
]

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const styles = /\u001b\[[\d;]*m/g

test('a terminal gets the session of an agent in colours, without control sequences', () => {
  vi.stubEnv('TERM', 'xterm')
  vi.stubEnv('NO_COLOR', '')
  vi.stubEnv('FORCE_COLOR', '1')
  const printed = print(true)
  expect(printed).toContain('\u001b[32m  + new\u001b[39m')
  expect(printed.replaceAll(styles, '')).toBe(lines.join('\n'))
})

test('without colours, the same lines are plain', () => {
  vi.stubEnv('TERM', 'dumb')
  expect(print(true)).toBe(lines.join('\n'))
  expect(print(false).replace('\u001b[2J', '').replace('\u001b]0;owned\u0007', '')).toBe(lines.join('\n'))
})

test('what another client has done says from whom it is', () => {
  const by = 'phone\u001b[2J'
  const shown: readonly NewEvent[] = [
    {type: 'message.start', payload: {prompt_id, text: 'make', by}},
    {type: 'approval.request', payload: {prompt_id, approval_id: 'q', title: 'May I?', choices}},
    {type: 'approval.resolved', payload: {prompt_id, approval_id: 'q', choice: 'y', by}},
    {type: 'message.complete', payload: {prompt_id, status: 'interrupted', reason: 'user', by}},
    {type: 'session.marked', payload: {name: 'here', by}},
    {type: 'session.closed', payload: {reason: 'user', by}},
  ]
  expect(print(false, shown).split('\n')).toEqual([
    'from phone:',
    '❯ make',
    'The agent asks: May I? (Allow)',
    'Answered from phone: Allow',
    '■ interrupted from phone',
    'Mark from phone: here',
    'The session was closed from phone.',
    '',
  ])
})
