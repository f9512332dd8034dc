import type {EncodedEvent} from '@holdfast/event-log'
import type {SessionEvent} from '@holdfast/protocol'
import * as fc from 'fast-check'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {claimSession} from '../src/claim/claim-session.ts'
import {readHolder} from '../src/claim/current-claim.ts'
import type {ClaimResult} from '../src/claim/plan-claim.ts'
import {assembleEvents, type Delivery, type ReaderState} from '../src/read/assemble-events.ts'
import {findStart} from '../src/read/find-start.ts'
import {startShipper, type Shipper} from '../src/ship/start-shipper.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {createLeakyStream, type LeakyStream} from './fixtures/leaky-stream.ts'
import {runScheduled, startDice} from './fixtures/run-scheduled.ts'

const sessionId = '0123456789'

const beginning: ReaderState = {sequence: 0, epoch: 0, seq: 0, pieces: []}

/** What a reader makes of the stream. Fails if an event is missing. */
function readAll(deliveries: readonly Delivery[], start: ReaderState = beginning): EncodedEvent[] {
  let state = start
  return deliveries.flatMap((delivery) => {
    const assembled = assembleEvents(state, delivery)
    if (assembled.kind !== 'read') throw new Error(`Expected events, got ${JSON.stringify(assembled)}`)
    state = assembled.state
    return assembled.events
  })
}

interface MachineRun {
  /** The events that the machine was told to be in the cluster. */
  accepted: EncodedEvent[]
  won: number[]
}

/** A machine that claims the session, goes on with its log, and adds events, until another one has taken over. */
async function runMachine(
  name: string,
  {stream, sizes, step}: {stream: LeakyStream; sizes: readonly number[]; step: () => Promise<void>},
): Promise<MachineRun & {shipper?: Shipper}> {
  const run: MachineRun = {accepted: [], won: []}
  const untilAnswered = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    for (;;) {
      try {
        return await ask()
      } catch {
        await step()
      }
    }
  }
  let result: ClaimResult | undefined
  for (let attempt = 1; attempt <= 3 && result?.kind !== 'won'; attempt++) {
    const holder = await untilAnswered(() => readHolder(stream.fleet, sessionId))
    const options = {machine: name, instance: `${name} ${attempt}`, replaces: holder?.epoch ?? 0}
    result = await untilAnswered(() => claimSession(stream.fleet, sessionId, options))
  }
  if (result?.kind !== 'won') return run
  const {claim} = result
  run.won.push(claim.epoch)
  const log = readAll(stream.deliveries()).slice(0, claim.through)
  expect(log).toHaveLength(claim.through)
  const readEncoded = ({afterSeq = 0, limit = 1000}) => log.slice(afterSeq, afterSeq + limit)
  const readable = {
    get latestSeq() {
      return log.length
    },
    readEncoded,
  }
  const shipper = startShipper(stream.fleet, claim, readable)
  const promises: Promise<void>[] = []
  for (const size of sizes) {
    const seq = log.length + 1
    const at = claim.epoch * 1000 + seq
    const event = {type: 'note', session_id: sessionId, seq, at, payload: {text: name.repeat(size), level: 'info'}}
    const encoded = {event: event as SessionEvent, json: JSON.stringify(event)}
    log.push(encoded)
    shipper.wake()
    const accepted = shipper.replicated(seq).then(
      () => void run.accepted.push(encoded),
      () => {},
    )
    promises.push(accepted)
    await step()
  }
  await Promise.all(promises)
  return {...run, shipper}
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('no accepted event is lost, and each epoch has one writer, whatever is late, lost or repeated', async () => {
  const sizes = fc.array(fc.constantFrom(1, 40, 450), {minLength: 1, maxLength: 5})
  let repeated = 0
  let takeOvers = 0
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(sizes, {minLength: 1, maxLength: 5}),
    fc.integer({min: 1, max: 0x7fff_fffe}),
    async (scheduler, machines, seed) => {
      const happens = startDice(seed)
      let losses = 15
      const stream = createLeakyStream(scheduler, () => losses > 0 && happens(6) && losses-- > 0)
      const step = () => scheduler.schedule(Promise.resolve(), 'pause')
      const running = Promise.all(
        machines.map(async (machineSizes, index) => {
          await step()
          return runMachine(`m${index}`, {stream, sizes: machineSizes, step})
        }),
      )
      const runs = await runScheduled(scheduler, {happens, work: running})
      const closing = Promise.all(runs.map(async ({shipper}) => shipper?.close()))
      await scheduler.waitFor(closing)
      while (scheduler.count() > 0) await scheduler.waitOne()

      const log = readAll(stream.deliveries())
      expect(log.map(({event}) => event.seq)).toEqual(log.map((_, index) => index + 1))
      losses = 0
      for (let afterSeq = 0; afterSeq <= log.length; afterSeq++) {
        const start = await scheduler.waitFor(findStart(stream.fleet, sessionSubjects('main', 1, sessionId), afterSeq))
        expect(readAll(stream.deliveries(), start)).toEqual(log.slice(afterSeq))
      }
      for (const encoded of runs.flatMap(({accepted}) => accepted)) {
        expect(log[encoded.event.seq - 1]).toEqual(encoded)
      }
      const epochs = runs.flatMap(({won}) => won)
      expect(new Set(epochs).size).toBe(epochs.length)
      const conditions = stream.deliveries().flatMap(({envelope}) => (envelope.kind === 'log' ? [envelope.after] : []))
      repeated += conditions.length - new Set(conditions).size
      takeOvers += Math.max(0, epochs.length - 1)
    },
  )
  await fc.assert(property, {numRuns: 500})
  // Otherwise this test would show nothing.
  expect(takeOvers).toBeGreaterThan(100)
  expect(repeated).toBeGreaterThan(0)
})
