import type {Client, ClientSession, LoggedEvent, OpenOptions} from '@holdfast/client'
import {reduceSession, type Params, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import type {PageCache} from '../src/cache/page-cache.ts'
import {cachedSession} from '../src/session/cached-session.ts'
import {openSession} from '../src/session/open-session.ts'
import {begin, numbered, print, shellInfo} from './fixtures/events.ts'

beforeEach(() => {
  vi.stubGlobal('document', Object.assign(new EventTarget(), {visibilityState: 'visible'}))
  vi.stubGlobal('requestAnimationFrame', queueMicrotask)
})
afterEach(() => vi.unstubAllGlobals())

/** A session of 6000 events, of which the device has some of the first 2000: too many are new to be read one after the other. */
const wholeLog = numbered([
  {type: 'session.info', payload: shellInfo},
  begin('a', 'make'),
  ...Array.from({length: 5998}, () => print('a', 'x\n')),
])
const state = wholeLog
  .slice(0, 2000)
  .reduce<SessionState | undefined>((before, event) => reduceSession(before, event as SessionEvent), undefined)!
const cached = cachedSession(wholeLog.slice(1900, 2000), state, 0)

/** A gateway that answers each request when the test says so. */
function createGateway(log: readonly LoggedEvent[] = wholeLog) {
  const requests: {params: Params<'session.events'>; answer: () => void}[] = []
  let options: OpenOptions | undefined
  const client = {
    status: {kind: 'live'},
    request: (_method: string, params: Params<'session.events'>) =>
      new Promise((resolve) => {
        const {before_seq = Infinity, after_seq = 0, limit = 1000} = params
        const {types} = params
        const events = log.filter(
          ({seq, type}) => seq < before_seq && seq > after_seq && types?.includes(type) !== false,
        )
        const page = params.before_seq === undefined ? events.slice(0, limit) : events.slice(-limit)
        requests.push({params, answer: () => resolve({events: page, latest_seq: log.length})})
      }),
    async openSession(_id: string, opened: OpenOptions) {
      options = opened
      return {state, status: {kind: 'live'}, leave: async () => {}} as unknown as ClientSession
    },
  }
  return {
    client: client as unknown as Client,
    async nextRequest(isSought: (params: Params<'session.events'>) => boolean) {
      return await vi.waitFor(() => {
        const at = requests.findIndex(({params}) => isSought(params))
        if (at === -1) throw new Error('Expected a request')
        return requests.splice(at, 1)[0]!
      }, 20_000)
    },
    /** The events of the log from the one that the page has asked for. */
    sendEvents(events = log.slice(options?.afterSeq)) {
      for (const event of events) options?.onEvent?.(event, event, state)
    },
    /** Where the page goes on. */
    afterSeq: () => options?.afterSeq,
  }
}

/** A page that shows what its device has. `leave` returns the events that it has saved by then. */
function openCached({client}: ReturnType<typeof createGateway>) {
  const saved: LoggedEvent[][] = []
  const cache = {
    readSession: async () => cached,
    writeSession: async ({events}: {events: LoggedEvent[]}) => void saved.push(events),
  } as unknown as PageCache
  const model = openSession({link: {client}, cache}, state.session_id)
  const leave = () => {
    model.leave()
    return saved.at(-1)!
  }
  return {model, leave}
}

/** Reads something older than what the device has while the page opens the session at its end. */
async function readWhileOpening(read: 'reach' | 'loadOlder') {
  const gateway = createGateway()
  const {model, leave} = openCached(gateway)
  const latest = await gateway.nextRequest(({after_seq}) => after_seq === 1999)
  const reading = read === 'reach' ? model.reach(3) : model.loadOlder()
  const older = await gateway.nextRequest(({before_seq}) => before_seq === 1901)
  latest.answer()
  await model.opened
  older.answer()
  if (read === 'reach') (await gateway.nextRequest(({before_seq}) => before_seq === 901)).answer()
  gateway.sendEvents()
  const result = await reading
  return {result, seqs: leave().map(({seq}) => seq)}
}

const end = Array.from({length: 150}, (_, at) => 5851 + at)

test('a search that runs while the transcript is replaced by the end of the session leaves no gap', async () => {
  expect(await readWhileOpening('reach')).toEqual({result: false, seqs: end})
})

test('older events that were requested before the transcript was replaced are not put before its new beginning', async () => {
  expect(await readWhileOpening('loadOlder')).toEqual({result: undefined, seqs: end})
})

const logOf = (length: number) => wholeLog.slice(0, length)
/** Another machine has written the events from one on. */
const otherFrom = (seq: number, log: readonly LoggedEvent[]) =>
  log.map((event) => (event.seq < seq ? event : {...event, at: event.at + 1}))

test.each([
  {log: logOf(2100), afterSeq: 2000, first: 1901, what: 'it goes on with new events'},
  {log: logOf(2000), afterSeq: 2000, first: 1901, what: 'nothing is new'},
  {log: otherFrom(1981, logOf(2100)), afterSeq: -150, first: 1951, what: 'another machine has written its end'},
  {log: logOf(1800), afterSeq: -150, first: 1651, what: 'it has fewer events'},
])('what the device has of a session where $what: the page goes on after $afterSeq', async ({log, afterSeq, first}) => {
  const gateway = createGateway(log)
  const {model, leave} = openCached(gateway)
  ;(await gateway.nextRequest(() => true)).answer()
  await model.opened
  expect(gateway.afterSeq()).toBe(afterSeq)
  gateway.sendEvents()
  await expect.poll(() => model.view.value.isOpen).toBe(true)
  expect(leave()).toEqual(log.slice(first - 1))
})

test.each(['its log', 'a new event'])('a prompt without an answer is found in %s', async (where) => {
  const queued = numbered([{type: 'prompt.queued', payload: {prompt_id: 'b', text: 'deploy', position: 0}}], 101)
  const gateway = createGateway(where === 'its log' ? [...logOf(100), ...queued] : logOf(100))
  const cache = {readSession: async () => undefined, writeSession: async () => {}} as unknown as PageCache
  const model = openSession({link: {client: gateway.client}, cache}, state.session_id)
  await model.opened
  let hasArrived = false
  void model.promptArrived('b').then(() => (hasArrived = true))
  ;(await gateway.nextRequest(({types}) => types?.includes('prompt.queued') === true)).answer()
  if (where === 'a new event') {
    await new Promise((resolve) => setTimeout(resolve))
    expect(hasArrived).toBe(false)
    gateway.sendEvents(queued)
  }
  await expect.poll(() => hasArrived).toBe(true)
  model.leave()
})
