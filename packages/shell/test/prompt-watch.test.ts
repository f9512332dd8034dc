import {setImmediate} from 'node:timers/promises'

import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createPromptWatch} from '../src/prompt-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const waiting = {group: 7, foregroundGroup: 7, isSleeping: true, ticks: 5, image: 'bash'}
const busy = {...waiting, isSleeping: false}

function watch(facts: () => typeof waiting | undefined) {
  const onDrawn = vi.fn<() => void>()
  const promptWatch = createPromptWatch({facts, onDrawn})
  promptWatch.begin()
  return {promptWatch, onDrawn}
}

test('a shell that waits and has been quiet has drawn, once', () => {
  const {onDrawn} = watch(() => waiting)
  vi.advanceTimersByTime(200)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('a shell that works has not drawn yet, however quiet it is', () => {
  let facts = busy
  const {onDrawn} = watch(() => facts)
  vi.advanceTimersByTime(1000)
  expect(onDrawn).not.toHaveBeenCalled()
  facts = waiting
  vi.advanceTimersByTime(50)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('what lies unread in the terminal when a late look finds the shell quiet belongs to the prompt', () => {
  // It works a little all the time: only the quiet says that it has drawn.
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

test('what is read between two late looks makes the second one the first of a new quiet', () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  let ticks = 0
  const {promptWatch, onDrawn} = watch(() => ({...waiting, ticks: ticks++}))
  const lookAt = (ms: number) => {
    now = ms
    // Its turn comes, and then its time.
    vi.runOnlyPendingTimers()
    vi.runOnlyPendingTimers()
  }
  lookAt(100)
  now = 150
  promptWatch.note()
  lookAt(200)
  expect(onDrawn).not.toHaveBeenCalled()
  lookAt(300)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('however late its timers are, it looks once in a turn of the loop: the terminal is read between two looks', async () => {
  vi.useRealTimers()
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  let looks = 0
  watch(() => {
    looks += 1
    return busy
  })
  for (let turn = 0; turn < 3; turn++) {
    await setImmediate()
    vi.advanceTimersByTime(1000)
    expect(looks).toBe(turn + 1)
  }
})

test('a prompt beside which something prints without a pause is drawn when the shell was seen to wait three times more', () => {
  const {promptWatch, onDrawn} = watch(() => waiting)
  for (let ms = 0; ms < 60; ms++) {
    promptWatch.note()
    vi.advanceTimersByTime(1)
  }
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('where nothing is known of the shell, a longer quiet says it', () => {
  const {onDrawn} = watch(() => undefined)
  vi.advanceTimersByTime(90)
  expect(onDrawn).not.toHaveBeenCalled()
  vi.advanceTimersByTime(50)
  expect(onDrawn).toHaveBeenCalledOnce()
})

test('what was ended looks no more', () => {
  const {promptWatch, onDrawn} = watch(() => waiting)
  vi.advanceTimersByTime(20)
  promptWatch.end()
  vi.advanceTimersByTime(200)
  expect(onDrawn).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
