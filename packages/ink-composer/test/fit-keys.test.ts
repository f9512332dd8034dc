import {expect, test} from 'vitest'

import {fitKeys} from '../src/overlays/fit-keys.ts'

test.each([
  [80, '8 more · Tab completes · ↑↓ choose · Esc closes'],
  [40, '8 more · Tab completes · Esc closes'],
  [20, '8 more · Esc closes'],
  [10, '8 more'],
])('in %i columns, the first and the last key are kept longest', (columns, shown) => {
  expect(fitKeys('8 more · Tab completes · ↑↓ choose · Esc closes', columns)).toBe(shown)
})
