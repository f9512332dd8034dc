import type {SessionEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createMarkdownPrinter} from '../../src/export/markdown-printer.ts'

const summary = {
  id: '0123456789',
  title: 'a *bold* title',
  agent: 'shell',
  cwd: '/src',
  state: 'idle',
  created_at: 0,
  updated_at: 0,
} as const

function print(...events: readonly Pick<SessionEvent, 'type' | 'payload'>[]): string {
  let page = ''
  const printer = createMarkdownPrinter((text) => (page += text), summary)
  events.forEach((event, index) => {
    printer.print({...event, session_id: summary.id, seq: index + 1, at: 0} as SessionEvent, undefined)
  })
  printer.flush()
  return page
}

const start = (text: string) => ({type: 'message.start', payload: {prompt_id: 'p', text}}) as const
const delta = (text: string) => ({type: 'message.delta', payload: {prompt_id: 'p', text}}) as const
const complete = {
  type: 'message.complete',
  payload: {prompt_id: 'p', status: 'complete', exit_code: 1, duration_ms: 300},
} as const

test('a page has the prompts, their output and their results', () => {
  expect(print(start('ls'), delta('one\r\nt'), delta('wo\r\n'), complete)).toBe(
    [
      String.raw`# a \*bold\* title`,
      '',
      'session 0123456789 · shell · /src · 1970-01-01T00:00:00.000Z',
      '',
      '## Prompt',
      '',
      '```sh',
      'ls',
      '```',
      '',
      '    one',
      '    two',
      '',
      '✗ exit 1 · 0.3 s',
      '',
    ].join('\n'),
  )
})

test('damage is shown where it is, once for all events that it destroyed', () => {
  const lost = {type: 'event.lost', payload: {}} as const
  const page = print(start('ls'), delta('one\n'), lost, lost, delta('four\n'), lost, complete)
  const gap = '… part of the log was damaged and is lost …'
  expect(page).toContain(['    one', '', gap, '', '    four', '', gap, '', '✗ exit 1 · 0.3 s'].join('\n'))
})

test('an output is as it stood at the end of each line, whatever its pieces', () => {
  const page = print(
    start('curl'),
    delta('\n 1%\r'),
    delta('100%\nred\u001b[3'),
    delta('1m \u001b]0;x\u0007end'),
    complete,
  )
  expect(page).toContain('```\n\n\n    100%\n    red end\n\n✗')
})

test('what a program printed while a terminal was attached stands in its place, once', () => {
  const attached = {type: 'attach.start', payload: {prompt_id: 'p', attach_id: 'a'}} as const
  const detached = {
    type: 'attach.end',
    payload: {prompt_id: 'p', attach_id: 'a', reason: 'detached', duration_ms: 123_000},
  } as const
  expect(
    print(start('ssh'), delta('one\r\n'), attached, delta('two\r\n'), detached, delta('three\r\n'), complete),
  ).toContain('\n    one\n    two\n    three\n\n✗')
})

test('nothing in a prompt or an output can leave its place on the page', () => {
  const page = print(
    start('cat <<X\n```\n````\nX'),
    delta('# no heading\r\n```\r\n\r\n<b>\x1b[31mred\x1b[0m\r\n'),
    complete,
  )
  expect(page).toContain('`````sh\ncat <<X\n```\n````\nX\n`````\n')
  expect(page).toContain('\n    # no heading\n    ```\n\n    <b>red\n')
})

test('what an agent does stands in its place between what it says', () => {
  const printed: string[] = []
  const printer = createMarkdownPrinter((text) => void printed.push(text), {...summary, agent: 'scripted'})
  const call = (status: string) => ({
    type: 'tool.call',
    payload: {prompt_id: 'p', tool_call_id: 't', title: 'Edit *a.ts*', status},
  })
  const events = [start('do it'), delta('I look'), call('completed'), delta('# Done\n'), complete]
  events.forEach((event, index) => {
    printer.print({...event, session_id: summary.id, seq: index + 1, at: 0} as SessionEvent, undefined)
  })
  printer.flush()
  expect(printed.join('')).toContain('```text\ndo it\n```\n\n    I look\n    ⚙ Edit *a.ts* · done\n    # Done\n\n✗')
})

test('a prompt of another client says from whom it is', () => {
  const from = {...start('make'), payload: {...start('make').payload, by: 'my_phone'}}
  expect(print(from)).toContain('\n## Prompt from my\\_phone\n')
})
