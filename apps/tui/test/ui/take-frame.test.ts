import {expect, test} from 'vitest'

import {takeFrame} from '../../src/ui/take-frame.ts'

const lines = (count: number) => Array.from({length: count}, (_, at) => `line ${at}`)

test('a frame takes a screenful of rows', () => {
  const {now, later} = takeFrame(lines(40), {cols: 80, rows: 24}, {isHistory: false})
  expect([now.length, later.length]).toEqual([24, 16])
  expect(takeFrame(Array(40).fill('x'.repeat(200)), {cols: 80, rows: 24}, {isHistory: false}).now).toHaveLength(8)
})

test('history beyond two screenfuls is taken at once', () => {
  const {now, later} = takeFrame(lines(1000), {cols: 80, rows: 24}, {isHistory: true})
  expect([now.length, later.length]).toEqual([976, 24])
  expect(now.concat(later)).toEqual(lines(1000))
})

test('live output is never taken at more than a screenful', () => {
  expect(takeFrame(lines(1000), {cols: 80, rows: 24}, {isHistory: false}).now).toHaveLength(24)
})

test('control sequences of colours and links take no room', () => {
  const line = `\u001b[31m\u001b]8;;https://example.com/${'a'.repeat(200)}\u001b\\text\u001b]8;;\u001b\\\u001b[39m`
  expect(takeFrame(Array(40).fill(line), {cols: 80, rows: 24}, {isHistory: false}).now).toHaveLength(24)
})
