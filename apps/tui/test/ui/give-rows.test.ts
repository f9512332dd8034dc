import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {giveRows, type RowGifts, type RowWishes} from '../../src/ui/live/give-rows.ts'

const wish = fc.integer({min: 0, max: 300})
const wishes: fc.Arbitrary<RowWishes> = fc.record({
  composer: fc.integer({min: 1, max: 300}),
  overlay: wish,
  notices: wish,
  queue: wish,
  output: wish,
})
const rows = fc.integer({min: 1, max: 200})
const parts = ['composer', 'overlay', 'notices', 'queue', 'output'] as const
const sum = (gifts: RowGifts) => Object.values(gifts).reduce((all, value) => all + value, 0)

test('all together get one row fewer than the terminal has, whatever they wish; the composer has one at least', () => {
  fc.assert(
    fc.property(rows, wishes, (height, wished) => {
      const given = giveRows(height, wished)
      expect(sum(given)).toBeLessThanOrEqual(Math.max(1, height - 1))
      expect(given.composer).toBeGreaterThanOrEqual(1)
      for (const part of parts) expect(given[part]).toBeLessThanOrEqual(wished[part])
    }),
  )
})

test('nobody gets less than there is room for', () => {
  fc.assert(
    fc.property(rows, wishes, (height, wished) => {
      const given = giveRows(height, wished)
      const isAllUsed = sum(given) === Math.max(1, height - 1)
      expect(isAllUsed || parts.every((part) => given[part] === wished[part])).toBe(true)
    }),
  )
})

test('with room for some, each has its share: a long draft leaves room for a question, both for a notice', () => {
  const given = giveRows(24, {composer: 100, overlay: 100, notices: 100, queue: 100, output: 100})
  expect(given).toEqual({status: 1, composer: 12, overlay: 7, notices: 2, queue: 1, output: 0})
  expect(giveRows(3, {composer: 1, overlay: 0, notices: 1, queue: 0, output: 9})).toMatchObject({status: 1, output: 0})
})
