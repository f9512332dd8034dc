import {expect, test} from 'vitest'

import {monotonicNow} from '../src/monotonic-now.ts'

/** A look at the one clock between two looks at the other. */
const look = () => ({before: monotonicNow(), at: performance.now(), after: monotonicNow()})

test('goes on as `performance.now` does, in ms', () => {
  const first = look()
  while (performance.now() - first.at < 5);
  const last = look()
  // However long the looks take, the time between them is between these two. A thousandth for the rounding.
  expect(last.at - first.at).toBeGreaterThan(last.before - first.after - 0.001)
  expect(last.at - first.at).toBeLessThan(last.after - first.before + 0.001)
})
