import {expect, test} from 'vitest'

import {createKeyOrder} from '../src/keys/key-order.ts'

test('keys that come while one awaits its answer follow it in their order', async () => {
  const keys = createKeyOrder()
  const done: string[] = []
  const first = Promise.withResolvers<string>()
  const second = Promise.withResolvers<string>()
  keys.take(() => done.push('a'))
  keys.take(() => keys.hold(first.promise, (answer) => done.push(answer)))
  keys.take(() => done.push('b'))
  keys.take(() => keys.hold(second.promise, (answer) => done.push(answer)))
  keys.take(() => done.push('c'))
  expect(done).toEqual(['a'])
  first.resolve('first')
  await first.promise
  expect(done).toEqual(['a', 'first', 'b'])
  second.resolve('second')
  await second.promise
  expect(done).toEqual(['a', 'first', 'b', 'second', 'c'])
  keys.take(() => done.push('d'))
  expect(done.at(-1)).toBe('d')
})
