import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {watchIdleTimeout} from '../src/session/idle-timeout.ts'

const minute = 60_000
const day = 24 * 60 * minute

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An idle timeout with a clock and a busy flag that the test sets. */
function watched(isBusy = false) {
  const session = {isBusy, ends: 0}
  const startedAt = Date.now()
  watchIdleTimeout({isBusy: () => session.isBusy, onIdle: () => session.ends++, now: () => Date.now() - startedAt})
  return session
}

test('a host that is idle for 24 h ends, once', () => {
  const session = watched()
  vi.advanceTimersByTime(day - minute)
  expect(session.ends).toBe(0)
  vi.advanceTimersByTime(minute)
  expect(session.ends).toBe(1)
  vi.advanceTimersByTime(2 * day)
  expect(session.ends).toBe(1)
})

test('a watching client or a running command restarts the 24 h', () => {
  const session = watched()
  vi.advanceTimersByTime(day - 2 * minute)
  session.isBusy = true
  vi.advanceTimersByTime(minute)
  session.isBusy = false
  vi.advanceTimersByTime(day)
  expect(session.ends).toBe(0)
  vi.advanceTimersByTime(minute)
  expect(session.ends).toBe(1)
})

test('a command may run for a week', () => {
  const session = watched(true)
  vi.advanceTimersByTime(7 * day)
  expect(session.ends).toBe(0)
})
