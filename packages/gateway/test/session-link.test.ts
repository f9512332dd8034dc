import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {EventLogError, type EventLog} from '@holdfast/event-log'
import {createSessionId, errorCodes} from '@holdfast/protocol'
import {createConnection, createMemoryPair, RpcError, type Connection, type Transport} from '@holdfast/rpc'
import {expect, test, vi} from 'vitest'

import {createSessionLink} from '../src/session-link/session-link.ts'
import {upTo} from './fixtures/gateway-home.ts'

const session_id = createSessionId()
const event = (seq: number) => ({type: 'note', session_id, seq, at: seq, payload: {text: '', level: 'info'}})
/** How many events are in the hosts' log. */
const latest_seq = 9

interface LinkOptions {
  /** Wraps the link's end of the connection to the first host. */
  wrapHost?: (transport: Transport) => Transport
  /** Wraps the link's end of the connection to the client. */
  wrapClient?: (transport: Transport) => Transport
  /** Delays the response to a resume. */
  gate?: (after_seq: number) => Promise<void> | undefined
  /** Makes every attempt to connect to a host fail. */
  failure?: Error
  /** What is in the log that is read after the hosts. @default nothing may read it */
  readLog?: (afterSeq: number) => readonly unknown[]
  /** The pause before a host is restarted, ms. @default that of planRecovery */
  pauseMs?: number
}

const pauseOf = (delayMs: number) => (history: readonly {kind: string; requested?: boolean}[]) => ({
  kind: 'restart' as const,
  delayMs: history.at(-1)?.requested ? 0 : delayMs,
  attempt: 1,
  of: 3,
  crashLoop: true as const,
})

const unwrapped = (transport: Transport) => transport

/** Opens a link between a client and hosts in memory, which send a response and the events at once. */
function openLink({
  wrapHost = unwrapped,
  wrapClient = unwrapped,
  gate = () => undefined,
  failure,
  readLog = () => expect.fail('The link must not read the log'),
  pauseMs,
}: LinkOptions = {}) {
  const [clientEnd, gatewayEnd] = createMemoryPair()
  let isAlive = true
  const resumes: number[] = []
  const sizes: unknown[] = []
  let connects = 0
  const seqs: number[] = []
  const types: string[] = []
  let ends = 0
  createConnection(clientEnd).subscribe('event', (params) => {
    const {seq, type} = params as {seq: number; type: string}
    seqs.push(seq)
    types.push(type)
  })
  const hosts: Connection[] = []
  const link = createSessionLink({
    sessionId: session_id,
    client: createConnection(wrapClient(gatewayEnd)),
    hosts: {
      isAlive: async () => isAlive,
      async connect() {
        connects += 1
        if (failure !== undefined) throw failure
        const [near, far] = createMemoryPair()
        const host = createConnection(far, {
          handlers: {
            async 'session.resume'(params, {responded}) {
              const {after_seq, cols, rows} = params as {after_seq: number; cols?: number; rows?: number}
              resumes.push(after_seq)
              sizes.push([cols, rows])
              await gate(after_seq)
              void responded.then(() => upTo(latest_seq).slice(after_seq).map(event).forEach(notify))
              return {latest_seq}
            },
            'session.leave': () => ({}),
            'session.resize': () => ({}),
          },
        })
        const notify = (params: unknown) => host.notify('event', params)
        hosts.push(host)
        return createConnection(hosts.length === 1 ? wrapHost(near) : near)
      },
    },
    logs: {
      requireOpen() {},
      read: (_, use) => use({read: ({afterSeq = 0} = {}) => readLog(afterSeq)} as EventLog),
    },
    breadcrumbs: noBreadcrumbs,
    onEnd: () => (ends += 1),
    ...(pauseMs === undefined ? {} : {plan: pauseOf(pauseMs)}),
  })
  const resume = async (after_seq: number) => {
    const responded = Promise.withResolvers<void>()
    await link.resume({session_id, after_seq}, responded.promise)
    responded.resolve()
  }
  return {
    link,
    hosts,
    seqs,
    resume,
    resumes,
    sizes,
    types,
    ends: () => ends,
    closeSession() {
      failure = new RpcError(errorCodes.sessionClosed, 'closed')
      return hosts[0]?.close('the host ends')
    },
    setAlive: (value: boolean) => (isAlive = value),
    connects: () => connects,
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('events that arrive with the response are held back until the client has it', async () => {
  const {link, seqs} = openLink()
  const responded = Promise.withResolvers<void>()
  await link.resume({session_id, after_seq: 6}, responded.promise)
  await settle()
  expect(seqs).toEqual([])
  responded.resolve()
  await settle()
  expect(seqs).toEqual([7, 8, 9])
})

test('the next host gets the last screen size of the client', async () => {
  const {link, hosts, resume, sizes} = openLink()
  await resume(9)
  await hosts[0]?.close()
  await expect.poll(() => sizes).toHaveLength(2)
  await link.request('session.resize', {session_id, cols: 100, rows: 30}, {repeatable: true})
  await hosts[1]?.close()
  await expect.poll(() => sizes).toHaveLength(3)
  await link.request('session.resize', {session_id, cols: 50, rows: 20}, {repeatable: true})
  expect(sizes).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [100, 30],
  ])
})

test('during the pause before a restart it connects to a host that another gateway has started', async () => {
  const {hosts, resume, resumes, seqs, setAlive} = openLink({pauseMs: 600_000})
  await resume(8)
  setAlive(false)
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']})
  await hosts[0]?.close()
  await settle()
  await vi.advanceTimersByTimeAsync(1000)
  expect(resumes).toEqual([8])
  setAlive(true)
  await vi.advanceTimersByTimeAsync(1000)
  vi.useRealTimers()
  await expect.poll(() => resumes).toEqual([8, 9])
  expect(seqs).toEqual([9])
})

test('a resume ends the pause before a restart', async () => {
  const {hosts, resume, resumes} = openLink({pauseMs: 600_000})
  await resume(8)
  await hosts[0]?.close()
  await settle()
  await resume(7)
  expect(resumes).toEqual([8, 7])
})

test('of several resumes at once, the last one decides from where events are sent', async () => {
  const {seqs, resume} = openLink()
  await Promise.all([resume(7), resume(2), resume(5)])
  await settle()
  expect(seqs).toEqual([6, 7, 8, 9])
})

test('the response to an earlier resume does not release the events of the last one', async () => {
  const answer = Promise.withResolvers<void>()
  const {seqs, resume} = openLink({gate: (after_seq) => (after_seq === 2 ? answer.promise : undefined)})
  const first = resume(7)
  const last = resume(2)
  await first
  await settle()
  expect(seqs).toEqual([])
  answer.resolve()
  await last
  await settle()
  expect(seqs).toEqual([3, 4, 5, 6, 7, 8, 9])
})

test('leaving during a resume stops its events, too', async () => {
  const {link, hosts, seqs, resume} = openLink()
  await link.request('session.resize', {session_id}, {repeatable: true})
  const resuming = resume(7)
  await link.leave()
  await resuming
  hosts[0]?.notify('event', event(8))
  await settle()
  expect(seqs).toEqual([])
})

test('repeated events and events without a seq are dropped', async () => {
  const {hosts, seqs, resume} = openLink()
  await resume(7)
  for (const each of [event(8), event(9), {type: 'hint'}, event(11), event(10)]) hosts[0]?.notify('event', each)
  await settle()
  expect(seqs).toEqual([8, 9, 10])
})

test('an ephemeral event goes to a client that watches, and to no other', async () => {
  const {link, hosts, seqs, resume} = openLink()
  const hint = {type: 'session.not-saved', session_id, payload: {code: 5070, message: 'no room'}}
  await resume(7)
  hosts[0]?.notify('event', hint)
  await settle()
  expect(seqs).toEqual([8, 9, undefined])
  await link.leave()
  hosts[0]?.notify('event', hint)
  await settle()
  expect(seqs).toHaveLength(3)
})

test('a request on a broken connection waits for the next host', async () => {
  let isBroken = false
  const {link, hosts} = openLink({
    wrapHost: (transport) => ({
      ...transport,
      get queuedBytes() {
        return transport.queuedBytes
      },
      write: (message) => !isBroken && transport.write(message),
    }),
  })
  const resize = () => link.request('session.resize', {session_id}, {repeatable: true})
  await resize()
  isBroken = true
  const resizing = resize()
  await settle()
  await hosts[0]?.close('gone')
  expect(await resizing).toEqual({})
  expect(hosts).toHaveLength(2)
})

test('the next host of a slow client is asked for events once the client has caught up', async () => {
  const room = Promise.withResolvers<void>()
  let isFull = true
  const {link, hosts, seqs, resume, resumes} = openLink({
    wrapClient: (transport) => ({
      ...transport,
      get queuedBytes() {
        return isFull ? 5 * 1024 * 1024 : 0
      },
      drained: () => room.promise,
    }),
  })
  await resume(2)
  await settle()
  expect(seqs).toEqual([3])
  await hosts[0]?.close('gone')
  await link.request('session.resize', {session_id}, {repeatable: true})
  expect([hosts.length, resumes]).toEqual([2, [2]])
  isFull = false
  room.resolve()
  await settle()
  expect(resumes).toEqual([2, 3])
  expect(seqs).toEqual([3, 4, 5, 6, 7, 8, 9])
})

const logged = [...upTo(11).map(event), {...event(12), type: 'session.closed', payload: {reason: 'user'}}]

test('a client that has missed the end of a session gets it from the log', async () => {
  const {resume, seqs, types, ends, closeSession} = openLink({readLog: (after) => logged.slice(after)})
  await resume(7)
  await settle()
  await closeSession()
  await settle()
  expect(seqs).toEqual([8, 9, 10, 11, 12])
  expect(types.at(-1)).toBe('session.closed')
  expect(ends()).toBe(1)
})

test('a client is told that the end of its session cannot be read, and that it is closed when it asks again', async () => {
  let isReadable = false
  const {resume, seqs, types, ends, closeSession} = openLink({
    readLog(after) {
      if (!isReadable) throw new EventLogError('io', 'the disk failed')
      return logged.slice(after)
    },
  })
  await resume(7)
  await settle()
  await closeSession()
  await settle()
  expect(types.at(-1)).toBe('session.unavailable')
  expect([seqs.filter(Boolean), ends()]).toEqual([[8, 9], 0])
  isReadable = true
  await expect(resume(9)).rejects.toMatchObject({code: errorCodes.sessionClosed})
})

test('an error that every host would return is not retried', async () => {
  const {resume, connects} = openLink({failure: new RpcError(errorCodes.protocolMismatch, 'too new')})
  await expect(resume(0)).rejects.toMatchObject({code: errorCodes.protocolMismatch, message: 'too new'})
  expect(connects()).toBe(1)
})
