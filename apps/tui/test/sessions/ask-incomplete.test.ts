import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {askIncomplete} from '../../src/sessions/ask-incomplete.ts'

const live = {kind: 'live'} as const
const answersIn = (ms: number) => ({
  status: live,
  isIncomplete: () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), ms)),
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('an answer over a slow line counts', async () => {
  const answer = askIncomplete(answersIn(800), 'for x in 1 2; do')
  await vi.advanceTimersByTimeAsync(800)
  expect(await answer).toBe(true)
})

test('a text counts as complete after 1 s without an answer, or after an error', async () => {
  const late = askIncomplete(answersIn(1100), 'echo (')
  await vi.advanceTimersByTimeAsync(1000)
  expect(await late).toBe(false)
  const failing = {status: live, isIncomplete: () => Promise.reject(new Error('the connection was lost'))}
  expect(await askIncomplete(failing, 'echo (')).toBe(false)
})

test('nobody is asked for a text that is complete in every shell, nor while the session is out of reach', () => {
  expect(askIncomplete(answersIn(0), 'ls -l')).toBe(false)
  expect(askIncomplete({...answersIn(0), status: {kind: 'starting'}}, 'echo (')).toBe(false)
})
