import {setTimeout as delay} from 'node:timers/promises'

import {residentOf} from '../process-costs.ts'
import {medianOf} from '../report.ts'
import type {Caller} from './contender.ts'

/** Returns one number, which its name describes. */
type Workload = (caller: Caller, childPid: number) => Promise<number>

export const workloads = {
  'requests per second': (caller) => rateOf(20_000, (count) => sendRequests(caller, count)),
  'events per second': (caller) => rateOf(50_000, (count) => receiveEvents(caller, count)),
  'ms for a message of 30 MiB': millisecondsFor30MiB,
  'MiB of growth over 2 million events': growthOver2Million,
} as const satisfies Record<string, Workload>

export type WorkloadName = keyof typeof workloads

const requestsInFlight = 64
/** Until V8 has compiled the hot code at both ends. */
const warmUpMs = 2000
const measuredMs = 2000

/** The median rate of slices over two seconds, per second. It ignores slices in which the machine did something else. */
async function rateOf(slice: number, work: (count: number) => Promise<void>): Promise<number> {
  await ratesFor(warmUpMs, slice, work)
  return medianOf(await ratesFor(measuredMs, slice, work))
}

async function ratesFor(ms: number, slice: number, work: (count: number) => Promise<void>): Promise<number[]> {
  const startedAt = performance.now()
  const rates: number[] = []
  let sliceAt = startedAt
  while (sliceAt - startedAt < ms) {
    await work(slice)
    const now = performance.now()
    rates.push((slice * 1000) / (now - sliceAt))
    sliceAt = now
  }
  return rates
}

async function sendRequests(caller: Caller, count: number): Promise<void> {
  let sent = 0
  async function requestOneByOne(): Promise<void> {
    while (sent < count) {
      const a = sent++
      const {sum} = (await caller.request('add', {a, b: 1})) as {sum: number}
      if (sum !== a + 1) throw new Error(`Expected ${a + 1}, got ${sum}`)
    }
  }
  await Promise.all(Array.from({length: requestsInFlight}, requestOneByOne))
}

async function receiveEvents(caller: Caller, count: number): Promise<void> {
  let next = 0
  caller.onTick(({n}) => {
    if (n !== next++) throw new Error(`Expected event ${next - 1}, got ${n}`)
  })
  await caller.request('flood', {count})
  if (next !== count) throw new Error(`Expected ${count} events before the answer, got ${next}`)
}

async function millisecondsFor30MiB(caller: Caller): Promise<number> {
  const text = 'a few words, '.repeat((30 * 1024 * 1024) / 13).slice(0, 30 * 1024 * 1024 - 1000)
  const times: number[] = []
  for (let n = 0; n < 4; n++) {
    const startedAt = performance.now()
    const {length} = (await caller.request('size', {text})) as {length: number}
    times.push(performance.now() - startedAt)
    if (length !== text.length) throw new Error(`Expected ${text.length}, got ${length}`)
  }
  // Without the first, which warms up.
  return Math.min(...times.slice(1))
}

/** How much memory the larger of the two processes grows at its peak, after 200,000 events to warm up. */
async function growthOver2Million(caller: Caller, childPid: number): Promise<number> {
  await receiveEvents(caller, 200_000)
  const residentMiB = () => [process.pid, childPid].map(residentOf)
  const before = residentMiB()
  let growth = 0
  let isDone = false
  const watching = (async () => {
    while (!isDone) {
      growth = Math.max(growth, ...residentMiB().map((now, index) => now - before[index]!))
      await delay(20)
    }
  })()
  await receiveEvents(caller, 2_000_000)
  isDone = true
  await watching
  return growth
}
