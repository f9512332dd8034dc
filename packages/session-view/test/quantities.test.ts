import {expect, test} from 'vitest'
import {formatAge, formatBytes, formatDuration} from '../src/index.ts'

test.each([
  [0, '0.0 s'],
  [340, '0.3 s'],
  [59_900, '59.9 s'],
  [64_000, '1 min 04 s'],
  [7_500_000, '2 h 05 min'],
])('%d ms took %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [0, 'now'],
  [59_999, 'now'],
  [300_000, '5 min ago'],
  [10_800_000, '3 h ago'],
  [172_800_000, '2 d ago'],
])('%d ms back was %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text)
})

test.each([
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1536, '1.5 KiB'],
  [64 * 1024 * 1024, '64.0 MiB'],
  [3e15, '2728.5 TiB'],
])('%d is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
