import type {Bench} from '../bench.ts'
import {atMost, percentileOf} from '../report.ts'
import {measuredCosts} from './costs.ts'
import {demandOf} from './demand.ts'
import {shapeOf, type FleetShape} from './fleet-shape.ts'
import {simulateTakeOver} from './simulate-take-over.ts'

const sizes = [100, 300, 1000, 10_000]
const nameOf = (machines: number) => `${machines.toLocaleString('en')} machines`
/** How long the simulation waits for sessions to be ready, ms. */
const untilMs = 60_000
const lastReady = 's until all of its sessions are ready elsewhere'

/** Fleets of growing size, by simulation: what they need of the servers, and what happens when a machine dies. A round is a seed. */
export const benchScale: Bench = {
  cases: ['demand', 'take-over'],
  contenders: sizes.map(nameOf),
  async *measure({rounds, only}) {
    for (let round = 1; round <= rounds; round++) {
      for (const machines of sizes) {
        const shape = shapeOf(machines)
        const values = {
          ...(only.includes('demand') && round === 1 ? demand(shape) : {}),
          ...(only.includes('take-over') ? takeOver(shape, round) : {}),
        }
        for (const [metric, value] of Object.entries(values)) {
          yield {round, contender: nameOf(machines), metric, ...(value === undefined ? {} : {value})}
        }
      }
    }
  },
  goals: (median) => [
    atMost(
      'one of 100 machines dies: s until its sessions are ready, lease time + 1 s',
      median(lastReady, nameOf(100)),
      shapeOf(100).leaseMs / 1000 + 1,
    ),
  ],
}

function demand(shape: FleetShape): Record<string, number> {
  const {memory, disk, sent, cores} = demandOf(shape, measuredCosts)
  const mebibytes = (bytes: number) => bytes / 1024 / 1024
  return {
    'thousands of sessions': shape.sessions / 1000,
    'thousands of subjects in a stream': (shape.sessions * 3) / shape.shards / 1000,
    'MiB of memory of a server for sessions': mebibytes(memory.sessions),
    'MiB of memory of a server for connections': mebibytes(memory.connections),
    'GB on the disk of a server each day': disk / 1e9,
    'cores of the servers for events': cores.events,
    'cores of the servers for connections': cores.connections,
    'cores of the servers for renewals of leases': cores.renewals,
    'cores of the servers for lists of leases': cores.leases,
    'cores of the servers for lists of sessions': cores.sessions,
    'MB/s from the servers for lists of leases': sent.leases / 1e6,
    'MB/s from the servers for lists of sessions': sent.sessions / 1e6,
  }
}

function takeOver(shape: FleetShape, seed: number): Record<string, number | undefined> {
  const {ready, orphans, lapses, longestWait} = simulateTakeOver(shape, measuredCosts, {seed, dead: 1, untilMs})
  const isDone = ready.length === orphans
  return {
    's until half of the sessions of a dead machine are ready elsewhere':
      ready.length * 2 > orphans ? percentileOf(ready, orphans / ready.length / 2) / 1000 : undefined,
    [lastReady]: isDone ? ready.at(-1)! / 1000 : undefined,
    'sessions that are not ready after 60 s': orphans - ready.length,
    'leases that living machines lost': lapses,
    's that a request waited at most': longestWait / 1000,
  }
}
