import type {EncodedEvent} from '@holdfast/event-log'
import type {SessionEvent} from '@holdfast/protocol'
import * as fc from 'fast-check'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {claimSession} from '../src/claim/claim-session.ts'
import {readHolder} from '../src/claim/current-claim.ts'
import {deleteSession} from '../src/claim/delete-session.ts'
import type {Claim, ClaimResult} from '../src/claim/plan-claim.ts'
import {isFleetError} from '../src/fleet-error.ts'
import {startShipper, type Shipper} from '../src/ship/start-shipper.ts'
import {createLeakyStream, type LeakyStream} from './fixtures/leaky-stream.ts'
import {runScheduled, startDice} from './fixtures/run-scheduled.ts'

const sessionId = '0123456789'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Simulation {
  stream: LeakyStream
  step: () => Promise<void>
}

async function untilAnswered<Value>(ask: () => Promise<Value>, step: () => Promise<void>): Promise<Value | 'deleted'> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (isFleetError(error) && error.code === 'deleted') return 'deleted'
      await step()
    }
  }
}

/** A machine that claims the session and sends events. Returns its shipper, if it has ever won. */
async function runMachine(name: string, {stream, step}: Simulation): Promise<Shipper | undefined> {
  let result: ClaimResult | 'deleted' | undefined
  for (let attempt = 1; attempt <= 3; attempt++) {
    const holder = await untilAnswered(() => readHolder(stream.fleet, sessionId), step)
    const replaces = holder === 'deleted' ? 0 : (holder?.epoch ?? 0)
    const options = {machine: name, instance: `${name} ${attempt}`, replaces}
    result = await untilAnswered(() => claimSession(stream.fleet, sessionId, options), step)
    if (result === 'deleted') return undefined
    if (result.kind === 'won') return sendEvents(result.claim, {stream, step})
  }
  return undefined
}

async function sendEvents(claim: Claim, {stream, step}: Simulation): Promise<Shipper> {
  const at = claim.throughAt
  const encode = (seq: number): EncodedEvent => {
    const event = {type: 'note', session_id: sessionId, seq, at, payload: {text: 'secret', level: 'info'}}
    return {event: event as SessionEvent, json: JSON.stringify(event)}
  }
  const log = Array.from({length: claim.through}, (_, index) => encode(index + 1))
  const shipper = startShipper(stream.fleet, claim, {
    get latestSeq() {
      return log.length
    },
    readEncoded: ({afterSeq = 0, limit = 1000} = {}) => log.slice(afterSeq, afterSeq + limit),
  })
  for (let n = 0; n < 5; n++) {
    log.push(encode(log.length + 1))
    shipper.wake()
    await step()
  }
  await shipper.replicated(log.length).catch(() => {})
  return shipper
}

test('a deleted session stays deleted, whatever is late, lost or repeated', async () => {
  let ended = 0
  let late = 0
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.integer({min: 1, max: 4}),
    fc.nat(40),
    fc.integer({min: 1, max: 0x7fff_fffe}),
    async (scheduler, machines, pause, seed) => {
      const happens = startDice(seed)
      let losses = 15
      const loses = () => losses > 0 && happens(6) && losses-- > 0
      const stream = createLeakyStream(scheduler, loses, () => (happens(10) ? 30 : 0))
      const step = () => scheduler.schedule(Promise.resolve(), 'pause')
      const simulation = {stream, step}
      const deleteIt = async () => {
        for (let n = 0; n < pause || stream.deliveries().length === 0; n++) await step()
        await untilAnswered(() => deleteSession(stream.fleet, sessionId), step)
      }
      const running = Array.from({length: machines}, (_, index) => runMachine(`m${index}`, simulation))
      const [shippers] = await runScheduled(scheduler, {
        happens,
        work: Promise.all([Promise.all(running), deleteIt()]),
      })
      await scheduler.waitFor(Promise.all(shippers.map(async (shipper) => shipper?.close())))
      while (scheduler.count() > 0) await scheduler.waitOne()

      losses = 0
      expect(await scheduler.waitFor(readHolder(stream.fleet, sessionId))).toMatchObject({state: 'deleted'})
      const {epoch} = (await scheduler.waitFor(readHolder(stream.fleet, sessionId)))!
      for (let replaces = 0; replaces <= epoch; replaces++) {
        const claiming = claimSession(stream.fleet, sessionId, {machine: 'next', instance: '1', replaces})
        await scheduler.waitFor(expect(claiming).rejects.toMatchObject({code: 'deleted'}))
      }
      ended += shippers.filter((shipper) => shipper?.state.kind === 'deleted').length
      late += stream.deliveries().filter(({envelope}) => envelope.kind === 'claim' && envelope.epoch < epoch).length
    },
  )
  await fc.assert(property, {numRuns: 500})
  // Otherwise this test would show nothing.
  expect(ended).toBeGreaterThan(50)
  expect(late).toBeGreaterThan(0)
})
