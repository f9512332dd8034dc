import type {ProgramInput} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createProgramInputWatch, settleMs} from '../../../src/app/composer/program-input.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const inputs = ['none', 'line', 'hidden', 'terminal'] as const

test('only the end of a line, and of a full-screen program, waits', () => {
  for (const shown of [undefined, ...inputs]) {
    for (const reported of inputs) {
      const waits = (shown === 'line' && reported === 'none') || (shown === 'terminal' && reported !== 'terminal')
      expect(settleMs(shown, reported) > 0, `${shown} → ${reported}`).toBe(waits)
    }
  }
})

function watch(look: () => ProgramInput | undefined = () => undefined) {
  const seen: (ProgramInput | undefined)[] = []
  const input = createProgramInputWatch({
    look: () => Promise.resolve(look()),
    onChange: (next) => seen.push(next),
  })
  return {seen, input}
}

test('a REPL that computes for a moment keeps its line; one that computes on does not', async () => {
  const {seen, input} = watch()
  input.take('line')
  input.take('none')
  await vi.advanceTimersByTimeAsync(400)
  input.take('line')
  await vi.advanceTimersByTimeAsync(5000)
  expect(seen).toEqual(['line'])
  input.take('none')
  await vi.advanceTimersByTimeAsync(5000)
  expect(seen).toEqual(['line', 'none'])
})

test('the next editor of a rebase, and a remote program that prints, keep the terminal', async () => {
  let reads: ProgramInput = 'none'
  const {seen, input} = watch(() => reads)
  input.take('terminal')
  input.take('none')
  await vi.advanceTimersByTimeAsync(200)
  input.take('terminal')
  await vi.advanceTimersByTimeAsync(5000)
  reads = 'terminal'
  input.take('none')
  await vi.advanceTimersByTimeAsync(5000)
  expect(seen).toEqual(['terminal'])
  reads = 'none'
  await vi.advanceTimersByTimeAsync(1000)
  expect(seen).toEqual(['terminal', 'none'])
})

test('a lost connection changes nothing; the end of the program does at once', async () => {
  const {seen, input} = watch()
  input.take('terminal')
  input.take(undefined)
  await vi.advanceTimersByTimeAsync(5000)
  expect(seen).toEqual(['terminal'])
  input.clear()
  expect(seen).toEqual(['terminal', undefined])
})

test('a wait for one program does not end for the next one', async () => {
  const {seen, input} = watch()
  input.take('line')
  input.take('none')
  input.clear()
  input.take('line')
  await vi.advanceTimersByTimeAsync(5000)
  expect(seen).toEqual(['line', undefined, 'line'])
})
