import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createActivityWatch, type Activity} from '../../src/activity/activity-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const waits: Activity = {state: 'waiting-for-input', input: 'terminal', mayBeSecret: false}

function begin() {
  const detect = vi.fn(async (): Promise<Activity> => waits)
  const reported: Activity[] = []
  const watch = createActivityWatch({detect, onActivity: (activity) => reported.push(activity)})
  watch.begin()
  const type = async (keys: number) => {
    for (let key = 0; key < keys; key++) {
      watch.noteInput()
      watch.noteOutput(Buffer.from('x'))
      await vi.advanceTimersByTimeAsync(60)
    }
  }
  return {detect, reported, watch, type}
}

test('while keys are typed for a full-screen program, nothing looks at it', async () => {
  const {detect, reported, watch, type} = begin()
  watch.noteOutput(Buffer.from('\x1b[?1049h'))
  watch.noteFullScreen(true)
  await type(100)
  expect(detect).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1000)
  expect(reported).toEqual([{...waits, state: 'running'}, waits])
  watch.noteFullScreen(false)
  await vi.advanceTimersByTimeAsync(25)
  expect(detect).toHaveBeenCalledTimes(2)
  watch.end()
})

test('a program that has the terminal is not reported for each key', async () => {
  const {detect, reported, watch, type} = begin()
  await vi.advanceTimersByTimeAsync(100)
  await type(100)
  expect(detect.mock.calls.length).toBeGreaterThan(50)
  expect(reported).toEqual([waits])
  watch.end()
})
