import type {SessionSummary} from '@holdfast/protocol'
import stringWidth from 'string-width'
import {expect, test} from 'vitest'

import {noteEnded, planTabs, type Tab} from '../../src/ui/live/plan-tabs.ts'
import {tabsLine} from '../../src/ui/live/tabs-line.ts'

const session = (id: string, changes: Partial<SessionSummary> = {}): [string, SessionSummary] => [
  id,
  {id, title: id, agent: 'shell', cwd: '/', state: 'idle', created_at: 0, updated_at: 0, ...changes},
]
const none = new Set<string>()
/** Marks what is drawn by other tokens than `muted` and `rule`. */
const paint = (token: string, text: string) =>
  token === 'muted' || token === 'rule' || text === '' ? text : `<${token}>${text}</>`
const plain = (_token: string, text: string) => text

test('the sessions with a host have tabs, in the order in which they were made', () => {
  const sessions = new Map([
    session('third', {created_at: 3, state: 'running'}),
    session('first', {created_at: 1}),
    session('stopped', {state: 'stopped'}),
    session('closed', {state: 'closed'}),
    session('command', {one_shot: true, state: 'running'}),
    session('second', {created_at: 2, waits_for: 'password', state: 'running'}),
  ])
  const tabs = planTabs(sessions, 'first', new Set(['third']))
  expect(tabs).toMatchObject([
    {id: 'first', isCurrent: true},
    {id: 'second', mark: 'running', waitsFor: 'password'},
    {id: 'third', mark: 'running'},
  ])
  const [silent] = planTabs(new Map([session('a', {state: 'running', machine_silent: true})]), undefined, none)
  expect(silent?.mark).toBeUndefined()
  expect(planTabs(sessions, 'closed', none).map(({id}) => id)).toContain('closed')
})

test('a command that ends in another session is marked until the user looks', () => {
  const running = new Map([session('a', {state: 'running'}), session('b', {state: 'running'})])
  const idle = new Map([session('a'), session('b')])
  expect(noteEnded(none, undefined, idle, 'b')).toEqual(none)
  const ended = noteEnded(none, running, idle, 'b')
  expect(ended).toEqual(new Set(['a']))
  expect(noteEnded(ended, idle, idle, 'b')).toEqual(new Set(['a']))
  expect(noteEnded(ended, idle, idle, 'a')).toEqual(none)
  expect(noteEnded(ended, idle, running, 'b')).toEqual(none)
})

const tabs: Tab[] = [
  {id: '1', title: 'notes', isCurrent: true},
  {id: '2', title: 'build', isCurrent: false, mark: 'running'},
  {id: '3', title: 'deploy', isCurrent: false, mark: 'running', waitsFor: 'password'},
  {id: '4', title: 'api', isCurrent: false, mark: 'ended'},
]

test('the line marks the session on the screen, what runs, what has ended, and what waits', () => {
  expect(tabsLine(tabs, 100, paint)).toEqual([
    '<selection> ▸1 notes </>│ 2 build<accent> ●</> │ 3 deploy <badge> PASSWORD </>│ 4 api<accent> •</> ',
  ])
  expect(tabsLine([], 100, paint)).toEqual([])
  expect(tabsLine(tabs.slice(0, 1), 100, paint)).toEqual([])
  expect(tabsLine(undefined, 100, paint)).toEqual([])
})

test('titles are cut as far as all tabs fit; of more tabs, there is the count', () => {
  const many = Array.from({length: 12}, (_, index) => ({
    id: String(index),
    title: `a long title of session ${index}`,
    isCurrent: index === 10,
    ...(index === 11 && {waitsFor: 'answer'}),
  }))
  const [line = ''] = tabsLine(many.slice(0, 5), 80, plain)
  expect(line).toBe(' 1 a long … │ 2 a long … │ 3 a long … │ 4 a long … │ 5 a long … ')
  for (const columns of [30, 60, 100, 120, 400]) {
    const [row = ''] = tabsLine(many, columns, plain)
    expect(stringWidth(row)).toBeLessThanOrEqual(columns)
    expect(row).toContain('▸a lo')
  }
  expect(tabsLine(many, 100, plain)[0]).toMatch(/ALLOW\? │ \+\d $/)
  expect(tabsLine(many, 30, paint)[0]).not.toContain('<badge> +')
  expect(tabsLine(many, 14, paint)[0]).toContain('<badge> +11 </>')
})
