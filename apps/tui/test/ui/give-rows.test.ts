import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {giveRows, listRoom, type RowGrants, type RowRequests} from '../../src/ui/live/give-rows.ts'

const wish = fc.integer({min: 0, max: 300})
const requests: fc.Arbitrary<RowRequests> = fc.record({
  composer: fc.integer({min: 1, max: 300}),
  hint: fc.integer({min: 0, max: 1}),
  gaps: fc.integer({min: 0, max: 2}),
  overlay: wish,
  notices: wish,
  queue: wish,
  activity: wish,
  tabs: wish,
  output: wish,
})
const rows = fc.integer({min: 1, max: 200})
const parts = ['composer', 'hint', 'overlay', 'notices', 'queue', 'activity', 'gaps', 'tabs', 'output'] as const
const sum = (grants: RowGrants) => Object.values(grants).reduce((all, value) => all + value, 0)

test('all parts together get one row less than the terminal has; the composer gets at least one', () => {
  fc.assert(
    fc.property(rows, requests, (height, wished) => {
      const given = giveRows(height, wished)
      expect(sum(given)).toBeLessThanOrEqual(Math.max(1, height - 1))
      expect(given.composer).toBeGreaterThanOrEqual(1)
      for (const part of parts) expect(given[part]).toBeLessThanOrEqual(wished[part])
    }),
  )
})

test('no row stays unused while a part asks for it', () => {
  fc.assert(
    fc.property(rows, requests, (height, wished) => {
      const given = giveRows(height, wished)
      const isAllUsed = sum(given) === Math.max(1, height - 1)
      expect(isAllUsed || parts.every((part) => given[part] === wished[part])).toBe(true)
    }),
  )
})

test('a long draft leaves rows for a question, and both for a notice', () => {
  const given = giveRows(24, {
    composer: 100,
    hint: 1,
    overlay: 100,
    notices: 100,
    queue: 100,
    activity: 100,
    gaps: 2,
    tabs: 1,
    output: 100,
  })
  expect(given).toEqual({
    status: 1,
    composer: 12,
    hint: 1,
    overlay: 7,
    notices: 1,
    queue: 1,
    activity: 0,
    gaps: 0,
    tabs: 0,
    output: 0,
  })
})

test('a low terminal has its rows for what is said, not for gaps and hints', () => {
  const few = {composer: 1, hint: 0, overlay: 0, notices: 1, queue: 0, activity: 0, gaps: 0, tabs: 0, output: 9}
  expect(giveRows(3, few)).toMatchObject({status: 1, output: 0})
  expect(giveRows(12, few)).toMatchObject({status: 1, notices: 1, output: 8})
})

test('a list gets half of the screen, and 8 rows on a low one', () => {
  expect([12, 16, 24, 25, 60].map(listRoom)).toEqual([8, 8, 12, 12, 30])
})
