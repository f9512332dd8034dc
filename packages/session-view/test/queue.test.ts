import {expect, test} from 'vitest'

import {describeHoldReason} from '../src/index.ts'

test.each([
  [{reason: 'failed', text: 'make'}, '`make` failed'],
  [{reason: 'machine-gone', text: 'make'}, '`make` ended when its machine was gone'],
  // All that waited there.
  [{reason: 'machine-gone'}, 'they may have begun on the machine that is gone'],
])('prompts wait after %o: %s', (held, text) => {
  expect(describeHoldReason(held)).toBe(text)
})
