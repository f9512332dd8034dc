import {maxCells, maxColumns} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {boundSize} from '../src/session/bound-size.ts'

test.each([
  [
    {cols: 80, rows: 24},
    {cols: 80, rows: 24},
  ],
  [
    {cols: 800, rows: 200},
    {cols: 800, rows: 200},
  ],
  [
    {cols: 10_000, rows: 10_000},
    {cols: 1000, rows: 160},
  ],
  [
    {cols: 10_000, rows: 2},
    {cols: 1000, rows: 2},
  ],
  [
    {cols: 1, rows: 10_000},
    {cols: 1, rows: 10_000},
  ],
])('of a terminal of %o, a program gets %o', (size, expected) => {
  expect(boundSize(size)).toEqual(expected)
  expect(expected.cols * expected.rows).toBeLessThanOrEqual(maxCells)
  expect(expected.cols).toBeLessThanOrEqual(maxColumns)
})
