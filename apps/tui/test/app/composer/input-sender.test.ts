import {RpcError, type ClientSession} from '@holdfast/client'
import type {InputResult} from '@holdfast/ink-composer'
import {errorCodes, type InputObstacle, type ProgramInput} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createInputSender} from '../../../src/app/composer/input-sender.ts'

type Answer = InputObstacle | Error | Promise<never> | undefined

/** What the next requests are answered with; the last answer is repeated. */
let answers: Answer[]
let looks: ProgramInput[]
let asked: string[]
let notices: string[]
let reported: unknown[]
let activity: ClientSession['activity']
let running: string | undefined

const take = <T>(from: T[]): T => (from.length > 1 ? from.shift()! : from[0]!)
const ask = (what: string) => async () => {
  asked.push(what)
  const answer = await take(answers)
  if (answer instanceof Error) throw answer
  return answer
}
const reads = (since: number) => ({state: 'waiting-for-input', since}) as ClientSession['activity']

beforeEach(() => {
  vi.useFakeTimers()
  answers = [undefined]
  looks = ['none']
  asked = []
  notices = []
  reported = []
  activity = reads(1)
  running = 'ask'
})
afterEach(() => vi.useRealTimers())

/** Sends a line, and returns the result and how long that took, ms. */
async function send(kind: 'answer' | 'hidden' | 'key' | 'blind', signal = new AbortController().signal) {
  const sendInput = createInputSender({
    session: () => ({
      input: async () => void (await ask('input')()),
      inputWhen: (when) => ask(when)(),
      look: () => Promise.resolve(take(looks)),
      get activity() {
        return activity
      },
    }),
    running: () => running,
    setNotice: (notice) => notices.push(notice),
    reportError: (error) => reported.push(error),
  })
  const before = Date.now()
  let end: {result: InputResult; ms: number} | undefined
  const options = {isHidden: kind === 'hidden', isAnswer: kind === 'answer', isKey: kind === 'key', signal}
  void sendInput(new Uint8Array([13]), 'ask', options).then((result) => (end = {result, ms: Date.now() - before}))
  for (let ms = 0; ms < 10_000 && end === undefined; ms += 10) await vi.advanceTimersByTimeAsync(10)
  return end
}

const lost = () => new Promise<never>(() => {})

test('an answer is sent when the program reads; where the host cannot know that, at once', async () => {
  answers = ['not-running', 'not-reading', undefined]
  expect(await send('answer')).toMatchObject({result: 'sent'})
  expect(asked).toEqual(['reads', 'reads', 'reads'])
  answers = ['by-key', undefined]
  expect(await send('answer')).toMatchObject({result: 'sent'})
  expect(asked.slice(3)).toEqual(['reads', 'input'])
})

test('an answer is late after a second, and not sent to a program that has ended', async () => {
  answers = ['not-reading']
  const late = await send('answer')
  expect(late?.result).toBe('late')
  expect(late?.ms).toBeLessThan(1200)
  running = 'next'
  asked = []
  expect(await send('answer')).toMatchObject({result: 'ended'})
  expect(asked).toEqual([])
  running = 'ask'
  answers = [new RpcError(errorCodes.notAllowed, 'ended')]
  expect(await send('blind')).toMatchObject({result: 'ended'})
  expect(reported).toEqual([])
})

test.each(['answer', 'hidden', 'key', 'blind'] as const)(
  '%s: what was on its way when the connection was lost may have arrived',
  async (kind) => {
    for (const failure of [new Error('lost'), new RpcError(errorCodes.hostUnavailable, 'killed'), lost()]) {
      answers = [failure]
      const end = await send(kind)
      expect(end?.result).toBe('unknown')
      expect(end?.ms).toBeLessThan(3500)
      // Nothing else tells that the line is gone; another one comes back.
      expect(notices.splice(0)).toEqual(kind === 'hidden' ? [expect.stringContaining('may have arrived')] : [])
    }
    expect(reported).toHaveLength(2)
    answers = [new RpcError(errorCodes.tooLarge, 'too long')]
    expect(await send(kind)).toMatchObject({result: 'late'})
  },
)

test('a key is sent to a program that reads a key, and to no other', async () => {
  answers = ['not-reading', undefined]
  expect(await send('key')).toMatchObject({result: 'sent'})
  for (const obstacle of ['by-line', 'by-key', 'unknown'] as const) {
    answers = ['not-reading', obstacle]
    expect(await send('key')).toMatchObject({result: 'changed'})
  }
  answers = ['not-reading']
  expect(await send('key')).toMatchObject({result: 'late'})
  expect(new Set(asked)).toEqual(new Set(['key']))
})

test('a hidden line is sent only to a program that hides it', async () => {
  answers = ['echo']
  expect(await send('hidden')).toMatchObject({result: 'late'})
  expect([asked, notices]).toEqual([['hidden'], ['The program no longer reads a hidden line: nothing was sent']])
})

test('behind a secret, keys wait until the program asks for another one; for a moment, its echo may be on', async () => {
  looks = ['hidden', 'none', 'none', 'hidden', 'hidden']
  const sent = send('hidden')
  await vi.advanceTimersByTimeAsync(30)
  activity = reads(2)
  expect(await sent).toMatchObject({result: 'sent'})
  expect(looks).toHaveLength(1)
})

test.each(['none', 'line', 'hidden'] as const)(
  'behind a secret, keys wait for no more than a second: %s',
  async (input) => {
    looks = [input]
    const end = await send('hidden')
    expect(end?.result).toBe('sent')
    expect(end?.ms).toBeLessThan(input === 'hidden' ? 1200 : 500)
    expect(end?.ms).toBeGreaterThan(input === 'hidden' ? 900 : 250)
  },
)

test('Ctrl-C ends the attempts', async () => {
  answers = ['not-reading']
  const cancelled = new AbortController()
  cancelled.abort()
  expect(await send('answer', cancelled.signal)).toMatchObject({result: 'late'})
  expect(asked).toEqual([])
})
