import {expect, test} from 'vitest'

import {systemRandom} from '../src/system-random.ts'

test('gives as many bytes as it is asked for, others each time', () => {
  const [first, second] = [systemRandom(16), systemRandom(16)]
  expect(first).toHaveLength(16)
  expect(Buffer.from(first).equals(second)).toBe(false)
})
