import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import type {TerminalColors} from '../../src/theme/terminal-colors.ts'
import {createColorQuery} from '../../src/ui/color-query.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const background = '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\'
const text = '\u001b]10;rgb:cdcd/d6d6/f4f4\u001b\\'
const attributes = '\u001b[?62;22c'

function ask(environment: Record<string, string> = {}) {
  const written: string[] = []
  const seen: TerminalColors[] = []
  const query = createColorQuery({
    environment,
    write: (sent) => written.push(sent),
    onColors: (colors) => seen.push(colors),
  })
  query.ask()
  query.ask()
  return {query, written, seen}
}

test('asks once, and reports both colours when the terminal has answered all', () => {
  const {query, written, seen} = ask()
  expect(written).toEqual(['\u001b]11;?\u001b\\\u001b]10;?\u001b\\\u001b[c'])
  for (const answer of [background, text]) query.take(answer)
  expect([query.isWaiting, seen]).toEqual([true, []])
  query.take(attributes)
  expect([query.isWaiting, seen]).toEqual([false, [{background: 0x1e_1e_2e, text: 0xcd_d6_f4}]])
  expect(vi.getTimerCount()).toBe(0)
})

test('a terminal that does not know the query says so by its next answer', () => {
  const {query, seen} = ask()
  query.take(attributes)
  expect([query.isWaiting, seen]).toEqual([false, []])
  const {query: other, seen: guessed} = ask({COLORFGBG: '0;15'})
  other.take(attributes)
  expect(guessed).toEqual([{background: 0xff_ff_ff}])
})

test('a terminal that answers nothing is waited for no longer than a second; a late answer still counts', () => {
  const {query, seen} = ask({COLORFGBG: '15;0'})
  vi.advanceTimersByTime(999)
  expect(query.isWaiting).toBe(true)
  vi.advanceTimersByTime(1)
  expect([query.isWaiting, seen]).toEqual([false, [{background: 0}]])
  query.take(background)
  expect(seen).toEqual([{background: 0}, {background: 0x1e_1e_2e, text: undefined}])
})

test('what was not asked for is ignored', () => {
  const {query, seen} = ask()
  query.take('\u001b[24;80R')
  query.take('\u001b[I')
  expect([query.isWaiting, seen]).toEqual([true, []])
})
