import {setImmediate} from 'node:timers/promises'

import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createPromptWatch} from '../../src/open/prompt-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const waiting = {
  pid: 7,
  group: 7,
  foregroundGroup: 7,
  isSleeping: true,
  isZombie: false,
  startTicks: 1,
  ticks: 5,
  image: 'bash',
}
const busy = {...waiting, isSleeping: false}

function watch(stat: () => typeof waiting | undefined, isBusy: () => boolean = () => false) {
  const onDrawn = vi.fn<() => void>()
  const promptWatch = createPromptWatch({stat, isBusy, onDrawn})
  promptWatch.begin()
  return {promptWatch, onDrawn}
}

test('a shell that waits and prints nothing has drawn its prompt, once', () => {
  const {onDrawn} = watch(() => waiting)
  vi.advanceTimersByTime(200)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('a shell that works has not drawn its prompt, however long it prints nothing', () => {
  let stat = busy
  const {onDrawn} = watch(() => stat)
  vi.advanceTimersByTime(1000)
  expect(onDrawn).not.toHaveBeenCalled()
  stat = waiting
  vi.advanceTimersByTime(50)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('a shell that seems to wait, but has something to do first, has not drawn its prompt', () => {
  let isBusy = true
  const {onDrawn} = watch(
    () => waiting,
    () => isBusy,
  )
  vi.advanceTimersByTime(1000)
  expect(onDrawn).not.toHaveBeenCalled()
  isBusy = false
  vi.advanceTimersByTime(50)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('unread output belongs to the prompt when a late check finds the shell quiet', () => {
  // The shell always uses some CPU: only the silence shows that it has drawn.
  let ticks = 0
  const {promptWatch, onDrawn} = watch(() => ({...waiting, ticks: ticks++}))
  vi.advanceTimersByTime(25)
  expect(onDrawn).not.toHaveBeenCalled()
  promptWatch.note()
  vi.advanceTimersByTime(30)
  expect(onDrawn).not.toHaveBeenCalled()
  vi.advanceTimersByTime(20)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('output read between two late checks restarts the silence', () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  let ticks = 0
  const {promptWatch, onDrawn} = watch(() => ({...waiting, ticks: ticks++}))
  const checkAt = (ms: number) => {
    now = ms
    // First the immediate, then the timer.
    vi.runOnlyPendingTimers()
    vi.runOnlyPendingTimers()
  }
  checkAt(100)
  now = 150
  promptWatch.note()
  checkAt(200)
  expect(onDrawn).not.toHaveBeenCalled()
  checkAt(300)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('it checks once in a turn of the event loop, however late the timers: the terminal is read between two checks', async () => {
  vi.useRealTimers()
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  let checks = 0
  watch(() => {
    checks += 1
    return busy
  })
  for (let turn = 0; turn < 3; turn++) {
    await setImmediate()
    vi.advanceTimersByTime(1000)
    expect(checks).toBe(turn + 1)
  }
})

test('a prompt beside continuous output is drawn when three more checks found the shell waiting', () => {
  const {promptWatch, onDrawn} = watch(() => waiting)
  for (let ms = 0; ms < 60; ms++) {
    promptWatch.note()
    vi.advanceTimersByTime(1)
  }
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('where the state of the shell is unknown, a longer silence decides', () => {
  const {onDrawn} = watch(() => undefined)
  vi.advanceTimersByTime(90)
  expect(onDrawn).not.toHaveBeenCalled()
  vi.advanceTimersByTime(50)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('after its end it does not check any more', () => {
  const {promptWatch, onDrawn} = watch(() => waiting)
  vi.advanceTimersByTime(20)
  promptWatch.end()
  vi.advanceTimersByTime(200)
  expect(onDrawn).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
