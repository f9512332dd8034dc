import {afterEach, expect, test, vi} from 'vitest'

import {createChangeSignal} from '../src/session/change-signal.ts'

afterEach(() => void vi.useRealTimers())

test('a wait ends with the next change, at once if that has been, and after its time', async () => {
  vi.useFakeTimers()
  const signal = createChangeSignal()
  const ended: string[] = []
  const wait = (name: string, version: number, ms: number) =>
    void signal.after(version, ms).then(() => ended.push(name))
  wait('change', 0, 5000)
  wait('time', 0, 10)
  await vi.advanceTimersByTimeAsync(10)
  expect(ended).toEqual(['time'])
  signal.note()
  await vi.advanceTimersByTimeAsync(0)
  expect(ended).toEqual(['time', 'change'])
  expect(signal.version).toBe(1)
  wait('late', 0, 5000)
  await vi.advanceTimersByTimeAsync(0)
  expect(ended).toEqual(['time', 'change', 'late'])
  expect(vi.getTimerCount()).toBe(0)
})
