import {expect, test} from 'vitest'

import {countRows, pushedRows, rewrapsRows} from '../../src/ui/live/frame-rows.ts'

test('rows that are wider than the terminal are wrapped, by the width of their characters', () => {
  expect(countRows(['', 'x'.repeat(40), 'x'.repeat(41), '汉'.repeat(41)], 40)).toBe(1 + 1 + 2 + 3)
  expect(countRows(['\u001b[31mred\u001b[0m'], 3)).toBe(1)
})

test('most terminals rewrap their rows; some cut them', () => {
  expect(rewrapsRows({TERM: 'xterm-256color'})).toBe(true)
  expect(rewrapsRows({TERM: 'screen-256color', TMUX: '/tmp/tmux'})).toBe(true)
  for (const environment of [
    {TERM: 'linux'},
    {TERM: 'screen'},
    {TERM: 'xterm-256color', XTERM_VERSION: 'XTerm(390)'},
  ]) {
    expect(rewrapsRows(environment)).toBe(false)
  }
})

test('a terminal that gets lower moves the first rows of a frame to its scrollback; only whole rows count', () => {
  const frame = ['x'.repeat(60), 'y', 'z', 'status', 'composer']
  expect(pushedRows(frame, Infinity, 6)).toBe(0)
  expect(pushedRows(frame, Infinity, 4)).toBe(2)
  expect(pushedRows(frame, 40, 6)).toBe(0)
  expect(pushedRows(frame, 40, 5)).toBe(1)
})
