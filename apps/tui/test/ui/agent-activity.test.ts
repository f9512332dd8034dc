import {defaultBindings} from '@holdfast/ink-composer'
import type {EventPayload, NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'
import {createAgentActivity} from '@holdfast/session-view'

import {drawBlock} from '../../src/ui/blocks/draw-block.ts'
import {activityRows} from '../../src/ui/live/activity-rows.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const prompt_id = 'p'
const tool = (type: 'tool.call' | 'tool.update') => (payload: Partial<EventPayload<'tool.call'>>) =>
  ({type, payload: {prompt_id, tool_call_id: 't', ...payload}}) as NewEvent
const call = tool('tool.call')
const update = tool('tool.update')
const started = (terminal_id: string, command: string): NewEvent => ({
  type: 'terminal.started',
  payload: {terminal_id, command, cwd: '/'},
})
const printed = (terminal_id: string, text: string): NewEvent => ({
  type: 'terminal.output',
  payload: {terminal_id, text},
})
const exited = (terminal_id: string, exit_code: number): NewEvent => ({
  type: 'terminal.exited',
  payload: {terminal_id, exit_code},
})
const plan = (...statuses: string[]): NewEvent => ({
  type: 'plan.updated',
  payload: {
    prompt_id,
    entries: statuses.map((status, at) => ({content: `Step ${at + 1}`, priority: 'low', status})),
  },
})
const complete: NewEvent = {type: 'message.complete', payload: {prompt_id, status: 'complete'}}
const lines = (count: number) => Array.from({length: count}, (_, at) => `line ${at + 1}\n`).join('')

/** Takes one event a second, and draws what is written and what is live. */
function startActivity() {
  const activity = createAgentActivity()
  const columns = 80
  let seq = 0
  return {
    write: (...events: NewEvent[]) =>
      events.flatMap((event) => {
        const logged = {...event, session_id: '0123456789', seq: ++seq, at: seq * 1000}
        return activity
          .take(logged)
          .flatMap((block) => drawBlock(block, {columns, paint: plainPaint, expandKey: 'Ctrl-]'}))
      }),
    live: () =>
      activityRows(
        {
          size: {cols: columns, rows: 24},
          bindings: defaultBindings,
          paint: plainPaint,
          session: undefined,
          status: {kind: 'live'},
          unsent: [],
          notice: undefined,
          activity: activity.view(),
        },
        seq * 1000,
      ),
  }
}

test('a tool is live with the last lines of its terminal, and one block when it has ended', () => {
  const {write, live} = startActivity()
  expect(
    write(
      call({title: 'Run the tests', kind: 'execute', status: 'in_progress', raw_input: {command: 'npm test'}}),
      started('x', 'npm test'),
      update({content: [{type: 'terminal', terminalId: 'x'} as {type: string}]}),
      printed('x', lines(20)),
    ),
  ).toEqual([])
  expect(live()).toEqual(['$ Run the tests · 3 s', '  line 17', '  line 18', '  line 19', '  line 20'])
  expect(write(exited('x', 0))).toEqual([])
  expect(write(update({status: 'completed'}))).toEqual([
    '$ Run the tests · 5.0 s',
    '  npm test',
    '  … 20 lines · Ctrl-] shows them',
  ])
  expect(live()).toEqual([])
})

test('of a command that fails, the last lines stay; one without a tool is a block of its own', () => {
  const {write, live} = startActivity()
  write(started('x', 'make'), printed('x', lines(20)))
  expect(live()).toHaveLength(5)
  expect(write(exited('x', 2))).toEqual([
    '$ make · failed · exit 2 · 2.0 s',
    '  … 12 lines · Ctrl-] shows them',
    ...Array.from({length: 8}, (_, at) => `  line ${at + 13}`),
  ])
})

test('tools that run side by side are blocks in the order in which they end', () => {
  const {write, live} = startActivity()
  write(call({tool_call_id: 'a', title: 'A'}), call({tool_call_id: 'b', title: 'B'}))
  expect(live()).toEqual(['⚙ A · 1 s', '⚙ B'])
  expect(write(update({tool_call_id: 'b', status: 'completed'}))).toEqual(['⚙ B · 1.0 s'])
  expect(write(update({tool_call_id: 'b', status: 'completed'}))).toEqual([])
  expect(write(complete)).toEqual(['⚙ A · outcome unknown · 4.0 s'])
})

test('a thought is live with its last line, and one line when something else happens', () => {
  const {write, live} = startActivity()
  const think = (text: string): NewEvent => ({type: 'thought.delta', payload: {prompt_id, text}})
  expect(write(think('First this.\n'), think('Then '), think('that.\n'))).toEqual([])
  expect(live()).toEqual(['✻ Thinking · 2 s · Then that.'])
  expect(write({type: 'message.delta', payload: {prompt_id, text: 'So:'}})).toEqual([
    '✻ Thought for 3 s · Ctrl-] shows it',
  ])
  expect(live()).toEqual([])
})

test('a plan changes in place, and is written when all of it is done, once', () => {
  const {write, live} = startActivity()
  expect(write(plan('in_progress', 'pending'), plan('completed', 'in_progress'))).toEqual([])
  expect(live()).toEqual(['Plan · 1 of 2', '  ☒ Step 1', '  ▸ Step 2'])
  expect(write(plan('completed', 'completed'))).toEqual(['Plan · 2 of 2', '  ☒ Step 1', '  ☒ Step 2'])
  expect(write(plan('completed', 'completed'), complete)).toEqual([])
})

test('a plan that is not done is written when another one replaces it, or at the end of the prompt', () => {
  const {write} = startActivity()
  const other: NewEvent = {
    type: 'plan.updated',
    payload: {prompt_id, entries: [{content: 'Something else', priority: 'low', status: 'pending'}]},
  }
  expect(write(plan('pending'), other)).toEqual(['Plan · 0 of 1', '  ☐ Step 1'])
  expect(write(complete)).toEqual(['Plan · 0 of 1', '  ☐ Something else'])
})

test('a question is one line when it has ended, and the time of its answer is none of the tool', () => {
  const {write} = startActivity()
  const ask = (approval_id: string): NewEvent => ({
    type: 'approval.request',
    payload: {prompt_id, approval_id, title: 'Run it', choices: [{id: 'y', label: 'Allow'}], tool_call_id: 't'},
  })
  expect(write(call({title: 'Run it'}), ask('q'))).toEqual([])
  const answer = {prompt_id, approval_id: 'q', choice: 'y'}
  expect(write({type: 'approval.resolved', payload: {...answer, by: 'user'}})).toEqual(['? Run it · you: Allow'])
  expect(write(update({status: 'completed'}))).toEqual(['⚙ Run it · 1.0 s'])
  write(ask('r'))
  expect(
    write({type: 'approval.withdrawn', payload: {prompt_id, approval_id: 'r', reason: 'the agent is gone'}}),
  ).toEqual(['? Run it · withdrawn: the agent is gone'])
  write(ask('s'))
  expect(write(complete)).toEqual(['? Run it · not answered'])
})

test('a diff has its file and counts in the head; words are marked where lines are alike', () => {
  const marks: Partial<Record<string, [string, string]>> = {addedWord: ['{+', '+}'], removedWord: ['[-', '-]']}
  const paint = (token: string, text: string) => (marks[token]?.[0] ?? '') + text + (marks[token]?.[1] ?? '')
  const draw = (columns: number, oldText: string, newText: string) => {
    const [block] = createAgentActivity().take({
      ...call({
        title: 'Edit',
        kind: 'edit',
        status: 'completed',
        content: [{type: 'diff', path: '/p/a.ts', oldText, newText} as {type: string}],
      }),
      session_id: '0123456789',
      seq: 1,
      at: 0,
    })
    return drawBlock(block!, {columns, paint}).slice(1)
  }
  const [before, after] = ['one\nconst date = new Date(text)\n', 'one\nconst date = new Date(`${text}Z`)\nmore\n']
  expect(draw(80, before, after)).toEqual([
    '  /p/a.ts +2 −1',
    '    one',
    '  - const date = new Date(text)',
    '  + const date = new Date({+`${+}text{+}Z`+})',
    '  + more',
  ])
  expect(draw(120, before, after)).toEqual([
    '  /p/a.ts +2 −1',
    `    one${' '.repeat(52)} │   one`,
    `  - const date = new Date(text)${' '.repeat(28)} │ + const date = new Date({+\`\${+}text{+}Z\`+})`,
    `${' '.repeat(59)} │ + more`,
  ])
  expect(draw(120, '', 'new\n')).toEqual(['  /p/a.ts +1', '  + new'])
  expect(draw(80, 'abc def\n', 'uvw xyz\n')).toEqual(['  /p/a.ts +1 −1', '  - abc def', '  + uvw xyz'])
})

test('what an agent sends cannot reach the terminal as control sequences', () => {
  const {write, live} = startActivity()
  const evil = 'x\u001b[2J\u0007y'
  write(call({title: evil, raw_input: {command: `${evil}\nls`}}), plan('pending'))
  write({type: 'thought.delta', payload: {prompt_id, text: evil}}, started('e', evil), printed('e', `${evil}\n`))
  const content = [
    {type: 'diff', path: evil, oldText: evil, newText: `${evil}z`},
    {type: 'content', content: {type: 'text', text: evil}},
  ] as readonly object[] as {type: string}[]
  const rows = [...live(), ...write(update({status: evil, content}), update({status: 'failed'}), exited('e', 1))]
  expect(rows.join('')).not.toMatch(/\p{Cc}/u)
})
