import {readFileSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'

import type {Caller} from './contender.ts'

/** Does some work, and returns one number; what it means, the name says. */
export type Workload = (caller: Caller, childPid: number) => Promise<number>

export const WORKLOADS = {
  'requests per second': (caller) => rateOf(20_000, (count) => sendRequests(caller, count)),
  'events per second': (caller) => rateOf(50_000, (count) => receiveEvents(caller, count)),
  'ms for a message of 30 MiB': millisecondsFor30MiB,
  'MiB of growth over 2 million events': growthOver2Million,
} as const satisfies Record<string, Workload>

export type WorkloadName = keyof typeof WORKLOADS

const IN_FLIGHT = 64
/** Until what is hot is compiled, at both ends. */
const WARM_UP_MS = 2000
const MEASURED_MS = 2000

/**
 * How many a second: the median of slices over two seconds at least, after some that warm up. A slice in which the machine
 * did something else is an outlier among them, and not a part of a mean.
 */
async function rateOf(slice: number, work: (count: number) => Promise<void>): Promise<number> {
  await ratesFor(WARM_UP_MS, slice, work)
  const rates = (await ratesFor(MEASURED_MS, slice, work)).toSorted((a, b) => a - b)
  return rates[Math.floor(rates.length / 2)]!
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
  async function askOneByOne(): Promise<void> {
    while (sent < count) {
      const a = sent++
      const {sum} = (await caller.request('add', {a, b: 1})) as {sum: number}
      if (sum !== a + 1) throw new Error(`Expected ${a + 1}, got ${sum}`)
    }
  }
  await Promise.all(Array.from({length: IN_FLIGHT}, askOneByOne))
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
  // The first one warms up.
  return Math.min(...times.slice(1))
}

/** How much memory the larger of the two processes grows, at its highest, once both have run for a while. */
async function growthOver2Million(caller: Caller, childPid: number): Promise<number> {
  await receiveEvents(caller, 200_000)
  const residentMiB = () => [process.pid, childPid].map(residentMiBOf)
  const before = residentMiB()
  let growth = 0
  let isDone = false
  const watching = (async () => {
    while (!isDone) {
      growth = Math.max(growth, ...residentMiB().map((now, index) => now - before[index]!))
      await sleep(20)
    }
  })()
  await receiveEvents(caller, 2_000_000)
  isDone = true
  await watching
  return growth
}

function residentMiBOf(pid: number): number {
  const [, kiB] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kiB) / 1024
}
