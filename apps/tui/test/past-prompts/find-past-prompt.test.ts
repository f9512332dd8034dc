import {createMemoryLog} from '@holdfast/event-log'
import type {NewEvent} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {findPastPrompt, findPromptOf, type PastPromptPlace} from '../../src/past-prompts/find-past-prompt.ts'

const sessionId = '3k9d2m1xqa'
const info: NewEvent = {
  type: 'session.info',
  payload: {title: 'a', agent: 'shell', cwd: '/', created_at: 1},
}
const start = (prompt_id: string): NewEvent => ({
  type: 'message.start',
  payload: {prompt_id, text: `echo ${prompt_id}`, cwd: '/src'},
})
const delta = (prompt_id: string): NewEvent => ({type: 'message.delta', payload: {prompt_id, text: `${prompt_id}\n`}})
const end = (prompt_id: string, status: 'complete' | 'cancelled' = 'complete'): NewEvent => ({
  type: 'message.complete',
  payload: {prompt_id, status},
})

/** A client whose gateway knows `types`, or does not. */
function clientOf(events: readonly NewEvent[], {knowsTypes = true} = {}) {
  const log = createMemoryLog({sessionId, now: () => 5})
  log.append(events)
  let requests = 0
  return {
    get requests() {
      return requests
    },
    request: (async (
      _method: string,
      params: {after_seq?: number; before_seq?: number; limit?: number; types?: string[]},
    ) => {
      requests += 1
      const {after_seq: afterSeq, before_seq: beforeSeq, limit, types} = params
      return {
        events: log.read({afterSeq, beforeSeq, limit, types: knowsTypes ? types : undefined}),
        latest_seq: log.latestSeq,
      }
    }) as never,
  }
}

test.each([{knowsTypes: true}, {knowsTypes: false}])(
  'walks back and forth over what has ended, and over nothing else (%o)',
  async (gateway) => {
    const client = clientOf(
      [
        info,
        start('a'),
        delta('a'),
        end('a'),
        start('b'),
        // It waited, and was withdrawn.
        end('w', 'cancelled'),
        ...Array.from({length: 3000}, () => delta('b')),
        end('b'),
        start('running'),
        delta('running'),
      ],
      gateway,
    )
    const find = async (place: PastPromptPlace) => await findPastPrompt(client, sessionId, place)
    const last = await find({beforeSeq: Number.MAX_SAFE_INTEGER})
    expect(last).toEqual({
      promptId: 'b',
      text: 'echo b',
      isInShell: false,
      cwd: '/src',
      startSeq: 5,
      endSeq: 3007,
      endedAt: 5,
      end: {prompt_id: 'b', status: 'complete'},
    })
    const first = await find({beforeSeq: 5})
    expect(first).toMatchObject({promptId: 'a', startSeq: 2, endSeq: 4})
    expect(await find({beforeSeq: 2})).toBeUndefined()
    expect(await find({afterSeq: 4})).toEqual(last)
    expect(await find({afterSeq: 3007})).toBeUndefined()
  },
)

test('the newest of 10,000 is found by one request, whatever it printed', async () => {
  const events = Array.from({length: 10_000}, (_, at) => [
    start(`p${at}`),
    delta(`p${at}`),
    delta(`p${at}`),
    end(`p${at}`),
  ])
  const client = clientOf([info, ...events.flat()])
  expect(await findPastPrompt(client, sessionId, {beforeSeq: Number.MAX_SAFE_INTEGER})).toMatchObject({
    promptId: 'p9999',
  })
  expect(client.requests).toBe(1)
})

test('an empty log has none', async () => {
  expect(await findPastPrompt(clientOf([info]), sessionId, {beforeSeq: Number.MAX_SAFE_INTEGER})).toBeUndefined()
})

test('the prompt of an event is found between its start and its end, also where another one was withdrawn meanwhile', async () => {
  const queued = (prompt_id: string): NewEvent => ({
    type: 'prompt.queued',
    payload: {prompt_id, text: `echo ${prompt_id}`, position: 0},
  })
  const client = clientOf([
    info,
    queued('a'),
    start('a'),
    queued('b'),
    queued('w'),
    delta('a'),
    end('w', 'cancelled'),
    end('a'),
    start('b'),
    delta('b'),
    end('b'),
    start('running'),
    delta('running'),
  ])
  const find = async (seq: number, promptId: string) =>
    (await findPromptOf(client, sessionId, {seq, promptId}))?.startSeq
  expect([await find(2, 'a'), await find(3, 'a'), await find(6, 'a'), await find(8, 'a')]).toEqual([3, 3, 3, 3])
  expect([await find(4, 'b'), await find(10, 'b')]).toEqual([9, 9])
  // It never ran; it has not ended.
  expect([await find(5, 'w'), await find(13, 'running')]).toEqual([undefined, undefined])
})

test('the prompt of an event is found behind the ends of a whole queue', async () => {
  const withdrawn = Array.from({length: 256}, (_, at) => end(`w${at}`, 'cancelled'))
  const client = clientOf([info, start('a'), delta('a'), ...withdrawn, end('a')])
  expect(await findPromptOf(client, sessionId, {seq: 3, promptId: 'a'})).toMatchObject({promptId: 'a', endSeq: 260})
})
