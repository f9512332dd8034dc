import {RequestTimeoutError, RpcError, type Client} from '@holdfast/client'
import {errorCodes, stdinGoneMs, type Params} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {feedStdin} from '../../../src/cli/commands/run/feed-stdin.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const target = {session_id: 'a', prompt_id: 'b'}

type Part = Params<'prompt.stdin'>

/** A client whose host takes all bytes, where a test does not answer otherwise. */
function clientOf(answer: (part: Part, nth: number) => number | undefined = () => undefined) {
  const parts: Part[] = []
  const request = async (_method: string, part: Part) => {
    const length = Buffer.from(part.base64 ?? '', 'base64').length
    return {taken: answer(part, parts.push(part)) ?? part.offset + length}
  }
  return {parts, client: {request} as unknown as Client}
}

async function* source(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

const offsets = (parts: readonly Part[]) => parts.map(({offset, end}) => (end ? `${offset} end` : offset))

test('brings what the host has not taken again, and the end after all bytes', async () => {
  const {client, parts} = clientOf((_part, nth) => (nth === 2 ? 1 : undefined))
  await feedStdin(client, target, source('abc', 'd'))
  expect(offsets(parts)).toEqual([0, 0, 1, 3, '4 end'])
})

test('stops where the host has ended the stdin', async () => {
  const {client, parts} = clientOf((_part, nth) => {
    if (nth > 1) throw new RpcError(errorCodes.notAllowed, 'The stdin of prompt b has ended')
    return undefined
  })
  await feedStdin(client, target, source('abc', 'd'))
  expect(offsets(parts)).toEqual([0, 0])
})

test('a request without an answer is repeated', async () => {
  const {client, parts} = clientOf((_part, nth) => {
    if (nth === 2) throw new RequestTimeoutError('prompt.stdin', 30_000)
    return undefined
  })
  await feedStdin(client, target, source('abc'))
  expect(offsets(parts)).toEqual([0, 0, 0, '3 end'])
})

test('tells the host that it is there while no bytes come, and stops at the end', async () => {
  const {client, parts} = clientOf()
  const more = Promise.withResolvers<void>()
  const feeding = feedStdin(
    client,
    target,
    (async function* () {
      yield Buffer.from('a')
      await more.promise
    })(),
  )
  await vi.advanceTimersByTimeAsync(stdinGoneMs)
  expect(offsets(parts)).toEqual([0, 0, 1, 1, 1])
  more.resolve()
  await feeding
  await vi.advanceTimersByTimeAsync(2 * stdinGoneMs)
  expect(offsets(parts)).toEqual([0, 0, 1, 1, 1, '1 end'])
})
