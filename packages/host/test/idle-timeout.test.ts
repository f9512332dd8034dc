import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {watchIdleTimeout} from '../src/session/idle-timeout.ts'

const minute = 60_000
const day = 24 * 60 * minute

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A session whose busyness the test decides, and the clock on which it is told. */
function watched(isBusy = false) {
  const session = {isBusy, ends: 0}
  const startedAt = Date.now()
  watchIdleTimeout({isBusy: () => session.isBusy, onIdle: () => session.ends++, now: () => Date.now() - startedAt})
  return session
}

test('a host of which nobody needs anything for 24 h ends, once', () => {
  const session = watched()
  vi.advanceTimersByTime(day - minute)
  expect(session.ends).toBe(0)
  vi.advanceTimersByTime(minute)
  expect(session.ends).toBe(1)
  vi.advanceTimersByTime(2 * day)
  expect(session.ends).toBe(1)
})

test('a look, or a command that runs, begins the 24 h anew', () => {
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
