import type {EventPayload, NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'
import {createAgentReader, speakLine} from '../src/index.ts'

const prompt_id = 'p'

function readAll(...events: readonly NewEvent[]) {
  const reader = createAgentReader()
  return events.flatMap((event, index) => reader.read({...event, session_id: '0123456789', seq: index + 1, at: 0}))
}
const draw = (...events: readonly NewEvent[]) => readAll(...events).map(({text}) => text)
const speak = (...events: readonly NewEvent[]) => readAll(...events).map(speakLine)

const call = (payload: Partial<EventPayload<'tool.call'>>): NewEvent => ({
  type: 'tool.call',
  payload: {prompt_id, tool_call_id: 't', ...payload},
})
const update = (payload: Partial<EventPayload<'tool.call'>>): NewEvent =>
  ({
    ...call(payload),
    type: 'tool.update',
  }) as NewEvent
const diffOf = (path: string, oldText: string, newText: string) => ({type: 'diff', path, oldText, newText})
const diff = diffOf('a.ts', 'one\ntwo\n', 'one\n\tthree\n')
const text = (lines: string) => ({type: 'content', content: {type: 'text', text: lines}})
const thought = (thoughtText: string): NewEvent => ({type: 'thought.delta', payload: {prompt_id, text: thoughtText}})
const said: NewEvent = {type: 'message.delta', payload: {prompt_id, text: 'hi'}}

test('a tool has a line when it begins and one at its end, with its content below', () => {
  const events = [
    call({title: 'Edit a.ts', status: 'pending', kind: 'edit'}),
    update({status: 'in_progress'}),
    update({content: [diff]}),
    update({status: 'completed'}),
    update({status: 'completed'}),
  ]
  expect(draw(...events)).toEqual(['⚙ Edit a.ts', '⚙ Edit a.ts · done', '  a.ts', '    one', '  - two', '  +   three'])
  expect(speak(...events)).toEqual([
    'Tool: Edit a.ts',
    'Tool done: Edit a.ts',
    'a.ts',
    'one',
    'removed: two',
    'added:   three',
  ])
})

test.each([
  ['completed', '⚙ Look · done', 'tool'],
  ['failed', '⚙ Look · failed', 'failure'],
  ['unknown', '⚙ Look · outcome unknown', 'warning'],
  ['not_run', '⚙ Look · not run', 'tool'],
  ['in_progress', '⚙ Look', 'tool'],
  ['something new', '⚙ Look', 'tool'],
])('a tool that is %s reads %s', (status, line, tone) => {
  expect(readAll(call({title: 'Look', status}))).toMatchObject([{text: line, tone}])
})

test('what is long is cut, and its rest counted', () => {
  const lines = (count: number) => Array.from({length: count}, (_, at) => `line ${at}`).join('\n')
  expect(draw(call({title: 'Read', status: 'completed', content: [text(lines(100))]}))).toEqual([
    '⚙ Read · done',
    ...Array.from({length: 8}, (_, at) => `  line ${at}`),
    '  … 92 lines more',
  ])
  const written = draw(call({status: 'completed', content: [diffOf('a', '', lines(1000))]}))
  expect(written).toHaveLength(1 + 40 + 1)
  expect(written.at(-1)).toBe('  … 961 lines more')
  const [, long] = draw(call({status: 'completed', content: [text('x'.repeat(100_000))]}))
  expect(long).toHaveLength(2 + 400 + 1)
})

test('contents that are not text are named', () => {
  const of = (content: {type: string}): NewEvent => ({type: 'message.content', payload: {prompt_id, content}})
  expect(
    draw(
      of({type: 'image', mimeType: 'image/png', data: 'AAAA'} as {type: string}),
      of({type: 'resource_link', name: 'file.txt', uri: 'file:///x/y.txt'} as {type: string}),
      of({type: 'resource', resource: {uri: 'file:///x/y.txt', text: 'why'}} as {type: string}),
      of({type: 'hologram'}),
    ),
  ).toEqual(['[image/png]', '[file.txt]', '[y.txt]', '[hologram]'])
})

test('no control sequence of an agent is left in any line', () => {
  const evil = 'a\u001b[2J\u001b]0;owned\u0007\u009b2Jb\u202e\rc'
  const choices = [{id: evil, label: evil}]
  const lines = draw(
    call({
      title: evil,
      raw_input: {command: [evil, 'x']},
      content: [text(evil), diffOf(evil, '', evil)],
    }),
    {type: 'approval.request', payload: {prompt_id, approval_id: 'q', title: evil, choices, tool_call_id: 't'}},
    {type: 'approval.resolved', payload: {prompt_id, approval_id: 'q', choice: evil, by: 'user'}},
    {type: 'approval.withdrawn', payload: {prompt_id, approval_id: 'q', reason: evil}},
    update({status: 'failed', content: [text(`${evil} again`)]}),
    thought(`${evil}\n${evil}`),
    {type: 'plan.updated', payload: {prompt_id, entries: [{content: evil, priority: evil, status: evil}]}},
    {type: 'message.content', payload: {prompt_id, content: {type: 'image', name: evil} as {type: string}}},
    {type: 'terminal.started', payload: {terminal_id: 'x', command: evil, cwd: '/'}},
    {type: 'terminal.output', payload: {terminal_id: 'x', text: evil}},
    {type: 'terminal.exited', payload: {terminal_id: 'x', signal: evil}},
    {type: 'agent.exited', payload: {reason: evil, survivors: [{pid: 1, program: evil}]}},
    {
      type: 'agent.unavailable',
      payload: {reason: 'login-required', error: evil, auth_methods: [{id: evil, name: evil}]},
    },
  )
  expect(lines.length).toBeGreaterThan(16)
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]|owned/)
})

test('a question stands below what its tool wants to do, which is not repeated at its end', () => {
  const choices = [
    {id: 'y', label: 'Allow once', kind: 'allow_once'},
    {id: 'n', label: 'Reject', kind: 'reject_once'},
  ]
  const asked = {prompt_id, approval_id: 'q', title: 'Run it?', choices, tool_call_id: 't'}
  expect(
    draw(
      call({title: 'Run the tests', raw_input: {command: 'npm test'}}),
      {type: 'approval.request', payload: asked},
      {type: 'approval.resolved', payload: {prompt_id, approval_id: 'q', choice: 'y', by: 'user'}},
      update({status: 'completed'}),
    ),
  ).toEqual([
    '⚙ Run the tests',
    '  $ npm test',
    'The agent asks: Run it? (Allow once, Reject)',
    'Answered: Allow once',
    '⚙ Run the tests · done',
  ])
  expect(
    draw(
      {type: 'approval.request', payload: asked},
      {type: 'approval.withdrawn', payload: {prompt_id, approval_id: 'q', reason: 'the agent died'}},
      {type: 'approval.resolved', payload: {prompt_id, approval_id: 'r', choice: 'y', by: 'policy'}},
    ),
  ).toEqual([
    'The agent asks: Run it? (Allow once, Reject)',
    'The question is withdrawn (Run it?): the agent died',
    'Answered by your settings: y',
  ])
})

test('a plan is drawn when it changes', () => {
  const plan = (status: string): NewEvent => ({
    type: 'plan.updated',
    payload: {
      prompt_id,
      entries: [
        {content: 'Look', priority: 'high', status: 'completed'},
        {content: 'Write', priority: 'high', status},
      ],
    },
  })
  expect(draw(plan('pending'), plan('pending'), plan('in_progress'))).toEqual([
    'Plan',
    '  ☒ Look',
    '  ☐ Write',
    'Plan',
    '  ☒ Look',
    '  ☐ Write · now',
  ])
  expect(speak(plan('pending'))).toEqual(['Plan', 'Done: Look', 'To do: Write'])
})

test('a thought is drawn line by line, its first lines only, until the agent does something else', () => {
  expect(draw(thought('one\ntw'), thought('o\nthree'), said, thought('four'), call({title: 'Look'}))).toEqual([
    'Thinking: one',
    '  two',
    '  three',
    'Thinking: four',
    '⚙ Look',
  ])
  expect(draw(thought('x\n'.repeat(50)), said).slice(-2)).toEqual(['  x', '  … 44 lines more'])
  const usage: NewEvent = {type: 'agent.usage', payload: {used: 1, size: 2}}
  expect(draw(thought('on'), usage, thought('e'), said)).toEqual(['Thinking: one'])
})

test('a command has a line when it starts, and its last lines and its result at its end', () => {
  const of = (output: string): NewEvent => ({type: 'terminal.output', payload: {terminal_id: 'x', text: output}})
  const started: NewEvent = {type: 'terminal.started', payload: {terminal_id: 'x', command: 'npm test', cwd: '/'}}
  const exited: NewEvent = {type: 'terminal.exited', payload: {terminal_id: 'x', exit_code: 1}}
  expect(draw(started, of('10 %\r100'), of(' %\r\nred \u001b[31mend'), exited)).toEqual([
    '$ npm test',
    '  100 %',
    '  red end',
    '$ npm test · exit 1',
  ])
  const lines = draw(started, of('line\r\n'.repeat(500)), exited)
  expect(lines).toHaveLength(1 + 1 + 12 + 1)
  expect(lines[1]).toBe('  … 488 lines more')
})

const ready = (payload: EventPayload<'agent.ready'>): NewEvent => ({type: 'agent.ready', payload})
const session = (prompts: number): NewEvent => ({type: 'agent.session', payload: {id: 's', cwd: '/', prompts}})
const answered: NewEvent = {type: 'message.complete', payload: {prompt_id, status: 'complete'}}
const anew = ['The agent has begun a new session: it knows nothing of what was said before.']

test.each<[string, readonly NewEvent[], readonly string[]]>([
  ['the first start', [session(0), ready({by: 'new'}), session(1)], []],
  ['a new session after prompts', [session(2), session(0), ready({by: 'new'})], anew],
  ['a new session after an answer', [answered, ready({by: 'new'})], anew],
  ['a restored session', [ready({by: 'load'})], ['The agent is back.']],
  [
    'a session that lost prompts',
    [ready({by: 'load', missing: 2})],
    ['The agent is back, but may have forgotten 2 prompts: it did not repeat them.'],
  ],
  [
    'an end in order',
    [{type: 'agent.exited', payload: {requested: true, reason: 'exit 0'}}],
    ['The agent has ended. It comes back with the next prompt.'],
  ],
  [
    'a death with survivors',
    [{type: 'agent.exited', payload: {reason: 'killed by SIGKILL', survivors: [{pid: 7, program: 'node'}]}}],
    ['The agent died: killed by SIGKILL.', 'It left running: node (process 7).'],
  ],
  [
    'giving up',
    [{type: 'agent.unavailable', payload: {reason: 'gave-up', error: 'no such file.'}}],
    ['The agent died or could not be started, again and again: no such file.', '/agent retry starts it again.'],
  ],
  [
    'a missing login',
    [{type: 'agent.unavailable', payload: {reason: 'login-required', auth_methods: [{id: 'key', name: 'API key'}]}}],
    ['The agent wants you to log in first.', '  /agent login key: API key', 'Then /agent retry starts it again.'],
  ],
])('%s', (_name, events, lines) => {
  expect(draw(...events)).toEqual(lines)
})

test('what is not for the user is not drawn', () => {
  expect(
    draw(
      {type: 'agent.update', payload: {update: {sessionUpdate: 'x'}}},
      {type: 'agent.diagnostic', payload: {about: 'x', message: 'y'}},
      {type: 'agent.settings', payload: {}},
      {type: 'file.written', payload: {path: 'x'}},
      said,
      answered,
    ),
  ).toEqual([])
})

test('a question that was open before the first event has its words, and its tool a title', () => {
  const reader = createAgentReader({
    open: [{approval_id: 'q', prompt_id, title: 'Edit a.ts', choices: [{id: 'n', label: 'Reject'}], tool_call_id: 't'}],
  })
  const envelope = {session_id: '0123456789', seq: 7, at: 0}
  const answer = {prompt_id, approval_id: 'q', choice: 'n', by: 'user'}
  expect(reader.read({...envelope, type: 'approval.resolved', payload: answer})).toMatchObject([
    {text: 'Answered: Reject'},
  ])
  const end = {prompt_id, tool_call_id: 't', status: 'failed'}
  expect(reader.read({...envelope, type: 'tool.update', payload: end})).toMatchObject([{text: '⚙ Edit a.ts · failed'}])
})
