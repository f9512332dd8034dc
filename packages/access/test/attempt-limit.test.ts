import {expect, test} from 'vitest'

import {createAttemptLimit} from '../src/index.ts'

test('an address may try ten times at once, then once every 10 s', () => {
  const limit = createAttemptLimit()
  for (let count = 0; count < 10; count++) expect(limit.take('1.2.3.4', 0)).toBe(0)
  expect(limit.take('1.2.3.4', 0)).toBe(10_000)
  expect(limit.take('1.2.3.4', 4000)).toBe(6000)
  expect(limit.take('1.2.3.4', 10_000)).toBe(0)
  expect(limit.take('1.2.3.4', 10_000)).toBe(10_000)
  expect(limit.take('5.6.7.8', 10_000)).toBe(0)
})

test('many addresses together guess no faster than the total allows', () => {
  const limit = createAttemptLimit()
  let allowed = 0
  for (let second = 0; second < 300; second++) {
    for (let host = 0; host < 50; host++) {
      if (limit.take(`10.${second % 250}.${host}.1`, second * 1000) === 0) allowed += 1
    }
  }
  expect(allowed).toBeGreaterThan(300)
  expect(allowed).toBeLessThanOrEqual(400)
})

test('all addresses of one IPv6 network share a limit, and IPv4 in IPv6 is IPv4', () => {
  const limit = createAttemptLimit({burst: 1})
  expect(limit.take('2001:db8:0:1:aaaa::1', 0)).toBe(0)
  expect(limit.take('2001:db8:0:1:bbbb:cccc:dddd:1', 0)).toBeGreaterThan(0)
  expect(limit.take('2001:db8:0:2::1', 0)).toBe(0)
  expect(limit.take('::1', 0)).toBe(0)
  expect(limit.take('1.2.3.4', 0)).toBe(0)
  expect(limit.take('::ffff:1.2.3.4', 0)).toBeGreaterThan(0)
})

test('a bounded number of addresses is remembered; further ones share one limit, and idle ones make room', () => {
  const limit = createAttemptLimit({burst: 1, everyMs: 1000, maxAddresses: 3, totalBurst: 1000})
  for (const host of ['a', 'b', 'c', 'd']) expect(limit.take(host, 0)).toBe(0)
  expect(limit.take('e', 0)).toBe(1000)
  expect(limit.take('e', 1000)).toBe(0)
})

test('a clock that is set back gives no attempts', () => {
  const limit = createAttemptLimit({burst: 1, everyMs: 1000})
  expect(limit.take('a', 5000)).toBe(0)
  expect(limit.take('a', 0)).toBe(1000)
  expect(limit.take('a', 500)).toBe(500)
})
