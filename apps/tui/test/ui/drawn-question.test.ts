import {defaultBindings} from '@holdfast/ink-composer'
import type {Approval} from '@holdfast/protocol'
import {describe, expect, test} from 'vitest'
import type {ActivityView} from '@holdfast/session-view'

import {drawQuestion} from '../../src/ui/live/question-rows.ts'
import type {ScreenSnapshot} from '../../src/ui/screen-snapshot.ts'
import {idleSession} from '../fixtures/idle-session.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const asked = (approval_id: string, title: string): Approval => ({
  approval_id,
  prompt_id: 'a',
  title,
  choices: [{id: 'once', label: 'Allow once'}],
  tool_call_id: 't',
})
const snapshotOf = (open: readonly Approval[], cols = 40): ScreenSnapshot => ({
  size: {cols, rows: 24},
  paint: plainPaint,
  bindings: defaultBindings,
  session: idleSession({approvals: [...open]}),
  status: {kind: 'live'},
  unsent: [],
  notice: undefined,
})

test('an open question has its command or diff in full; what does not fit is counted', () => {
  const draw = (tool: object, room: number) => {
    const shown = {kind: 'execute', title: 'Run it', command: [], changes: [], output: {lines: [], left: 0}}
    const tools = [{...shown, id: 't', input: undefined, beganAt: 0, ...tool}]
    const activity: ActivityView = {tools, thought: undefined, plan: []}
    const view = {rows: [{text: '1. Allow once'}, {text: '2. Deny'}], selected: 0, footer: '1–2 answers'}
    return drawQuestion({...snapshotOf([asked('q', 'Run it')]), activity}, view, room)?.rows ?? []
  }
  const choices = ['  1. Allow once'.padEnd(40), '  2. Deny', '  1–2 answers']
  expect(draw({input: {command: 'cd /tmp &&\n  rm -rf build'}}, 24)).toEqual([
    ' ALLOW?  Run it',
    '  cd /tmp &&',
    '    rm -rf build',
    ...choices,
  ])
  const long = `echo ${'word '.repeat(30)}`.trim()
  expect(
    draw({input: {command: long}}, 24)
      .slice(1, -3)
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ).toBe(long)
  const command = Array.from({length: 50}, (_, at) => `step ${at}`).join('\n')
  expect(draw({input: {command}}, 9)).toEqual([
    ' ALLOW?  Run it',
    ...Array.from({length: 4}, (_, at) => `  step ${at}`),
    '  … 46 lines more · Ctrl-] prints them',
    ...choices,
  ])
  expect(draw({changes: [{path: 'a.ts', before: 'one\n', after: 'two\n'}]}, 24)).toEqual([
    ' ALLOW?  Run it',
    '  a.ts +1 −1',
    '  - one',
    '  + two',
    ...choices,
  ])
  expect(draw({input: {url: 'https://a.example', depth: 2}}, 24)).toEqual([
    ' ALLOW?  Run it',
    '  url: https://a.example',
    '  depth: 2',
    ...choices,
  ])
})

describe('an open question in little room', () => {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
  /** The question with so many choices, about a command, within these rows. */
  const drawIn = (room: number, {choices, title, cols = 40, command}: Facts) => {
    const rows = letters.slice(0, choices).map((label, at) => ({text: `${at + 1}. ${label}`}))
    const tool = {kind: 'execute', title, command: [], changes: [], output: {lines: [], left: 0}}
    const tools = [{...tool, id: 't', input: command === undefined ? undefined : {command}, beganAt: 0}]
    const activity: ActivityView = {tools, thought: undefined, plan: []}
    return drawQuestion({...snapshotOf([asked('q', title)], cols), activity}, {rows, footer: 'answers'}, room)
  }
  interface Facts {
    choices: number
    title: string
    cols?: number
    command?: string
  }

  test.each(Array.from({length: 30}, (_, room) => room))('of %i rows has all choices, or says so', (room) => {
    for (const choices of [1, 4, 9])
      for (const title of ['Run it', 'long '.repeat(60).trim()])
        for (const command of [undefined, 'one', 'line\n'.repeat(50)]) {
          const drawn = drawIn(room, {choices, title, ...(command !== undefined && {command})})
          const rows = drawn?.rows ?? []
          expect(rows.length).toBeLessThanOrEqual(room)
          const isEach = letters.slice(0, choices).every((label, at) => rows.includes(`  ${at + 1}. ${label}`))
          expect(drawn?.isWhole).toBe(isEach && rows.at(-1) === '  answers')
          if (room >= choices + 3) expect(drawn?.isWhole).toBe(true)
          if (drawn?.isWhole) expect(rows[0]).toMatch(/^ ALLOW\? {2}\S/)
          else if (room > 0) expect(rows.at(-1)).toBe('  Enlarge the terminal to answer')
        }
  })

  test('cuts its title before its choices', () => {
    expect(drawIn(7, {choices: 4, title: 'long '.repeat(60).trim()})?.rows).toEqual([
      ' ALLOW?  long long long long long long',
      '         long long long long long long…',
      ...['a', 'b', 'c', 'd'].map((label, at) => `  ${at + 1}. ${label}`),
      '  answers',
    ])
  })

  test('shows the command whatever the title says', () => {
    const rowsOf = (title: string, command: string) => drawIn(24, {choices: 1, title, command, cols: 80})?.rows
    const long = `${'x '.repeat(165)}; rm -rf ~/notes`
    expect(rowsOf(long, long)?.slice(0, -2).join('\n')).toMatch(/rm -rf ~\/notes$/)
    expect(rowsOf('Run tools', 'ls')).toContain('  ls')
    expect(rowsOf('ls', 'ls')).not.toContain('  ls')
  })

  test('a long choice is wrapped', () => {
    const rows = [{text: `1. ${'allow '.repeat(8).trim()}`}]
    expect(drawQuestion(snapshotOf([asked('q', 'Run it')]), {rows, footer: 'answers'}, 24)?.rows).toEqual([
      ' ALLOW?  Run it',
      '  1. allow allow allow allow allow allow',
      '     allow allow',
      '  answers',
    ])
  })
})

test('a large diff is drawn as far as it is shown, once for all frames', () => {
  const lines = (text: string) => Array.from({length: 500}, (_, at) => `${text} ${at}\n`).join('')
  const reads = {count: 0}
  const change = {
    path: 'a.ts',
    after: lines('new'),
    get before() {
      reads.count++
      return lines('old')
    },
  }
  const tool = {kind: 'edit', title: '', command: [], changes: [change], output: {lines: [], left: 0}}
  const tools = [{...tool, id: 't', input: undefined, beganAt: 0}]
  const snapshot = {...snapshotOf([asked('q', 'Run it')]), activity: {tools, thought: undefined, plan: []}}
  const marked: string[] = []
  const paint: typeof plainPaint = (token, text) => {
    if (token.endsWith('Word')) marked.push(text)
    return plainPaint(token, text)
  }
  const draw = () => drawQuestion({...snapshot, paint}, {rows: [{text: '1. Yes'}], footer: 'answers'}, 20)?.rows
  const first = draw()
  expect(first).toHaveLength(20)
  expect(first).toContain('  … 985 lines more · Ctrl-] prints them')
  const [painted, read] = [marked.length, reads.count]
  expect(painted).toBeLessThan(100)
  expect(draw()).toEqual(first)
  expect([marked.length, reads.count]).toEqual([painted, read])
})
