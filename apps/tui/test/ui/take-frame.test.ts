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
