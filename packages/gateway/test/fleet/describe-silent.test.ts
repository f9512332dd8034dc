import {expect, test} from 'vitest'

import {describeSilent} from '../../src/fleet/ask-machines.ts'

test.each([
  [[], undefined],
  [['box'], 'Machine box does not answer: what it has may be missing'],
  [['a', 'b'], 'Machines a and b do not answer: what they have may be missing'],
  [['a', 'b', 'c'], 'Machines a, b and c do not answer: what they have may be missing'],
  [['a', 'b', 'c', 'd', 'e'], 'Machines a, b, c and 2 more do not answer: what they have may be missing'],
])('of the silent machines %j', (silent, message) => {
  expect(describeSilent(silent)).toBe(message)
})
