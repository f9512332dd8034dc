import type {ScreenSnapshot} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {watchFrame, type WatchView} from '../../src/ui/watch/watch-frame.ts'

const options = {paint: (_token: string, text: string) => text, hasColors: false}
const screen = (rows: number, cursorRow: number): ScreenSnapshot =>
  ({
    cursor: {row: cursorRow, col: 0, is_visible: true},
    lines: Array.from({length: rows}, (_, index) => ({spans: [{text: `line ${index}`, cells: 6}]})),
  }) as unknown as ScreenSnapshot
const view = (count: number, selected: number, chosen?: WatchView['chosen']): WatchView => ({
  rows: Array.from({length: count}, (_, index) => ({text: `session ${index}`})),
  selected,
  waiting: 0,
  chosen,
  problem: undefined,
})

test.each([
  [80, 24],
  [40, 12],
  [20, 7],
  [10, 3],
])('a frame of %i×%i has as many rows as the window, none too wide', (cols, rows) => {
  for (const count of [0, 1, 3, 200]) {
    const frame = watchFrame(
      view(count, count - 1, {title: 'x'.repeat(90), screen: screen(50, 40), output: undefined}),
      {cols, rows},
      options,
    )
    expect(frame).toHaveLength(rows < 8 ? Math.min(rows, 2 + Math.max(1, Math.min(count, rows - 2))) : rows)
    for (const row of frame) expect(row.length).toBeLessThanOrEqual(cols)
  }
})

test('the list has the chosen session, and says how many more there are', () => {
  const frame = watchFrame(view(200, 150), {cols: 60, rows: 20}, options).join('\n')
  expect(frame).toContain('session 150')
  expect(frame).toMatch(/ · 194 more$/)
})

test('a screen that is too large is shown around its cursor', () => {
  const shown = (cursor: number) =>
    watchFrame(
      view(1, 0, {title: 't', screen: screen(50, cursor), output: undefined}),
      {cols: 60, rows: 14},
      options,
    ).slice(3, -1)
  expect(shown(2)).toEqual(Array.from({length: 10}, (_, index) => `line ${index}`))
  expect(shown(30)).toEqual(Array.from({length: 10}, (_, index) => `line ${index + 21}`))
  expect(shown(49).at(-1)).toBe('line 49')
})

test('without a program, the end of its output is shown', () => {
  const output = 'one\ntwo\nthree\n'
  const frame = watchFrame(view(1, 0, {title: 't', screen: undefined, output}), {cols: 30, rows: 10}, options)
  expect(frame.slice(2, 6)).toEqual(['── t ─────────────────────────', 'one', 'two', 'three'])
})

test('a problem is one line, without control sequences', () => {
  const problem = 'No gateway: \u001b[2Jexit 1\nagain'
  const frame = watchFrame({...view(1, 0), problem}, {cols: 60, rows: 10}, options)
  expect(frame.at(-1)).toBe('  No gateway: exit 1 again')
})
