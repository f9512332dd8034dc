import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {openFleet, type Fleet} from '@holdfast/fleet'

import {createServers} from '../../../packages/fleet/test/fixtures/nats-servers.ts'
import {NEEDS} from '../../vitest/needs.ts'
import {rotate, type Bench} from '../bench.ts'
import {atLeast, atMost} from '../report.ts'
import {acceptEvents, acceptMany, shipEvents, type Contender} from './contenders.ts'
import {measureCosts, type CostsPlace} from './costs.ts'
import {measureSessions} from './many-sessions.ts'
import {leaseMs, measureTakeOver} from './take-over.ts'

const metrics = {
  accept: 'ms to accept an event',
  prompts: 'accepted prompts per second, 50 sessions at once',
  ship: 'events per second',
} as const
const cases = {accept: acceptEvents, prompts: acceptMany, ship: shipEvents}
const bare = 'jetstream'
const replicated = 'holdfast, replicated'
const takeOver = 's from SIGKILL of a machine to the next accepted prompt'
/** What the costs are of: a cluster of three. */
const cluster = 'the servers'

/** A log on this machine and in a cluster of three servers on loopback, beside SQLite and JetStream alone. */
export const benchFleet: Bench = {
  cases: [...Object.keys(cases), 'take-over', 'sessions', 'costs'],
  contenders: [bare, 'sqlite', 'holdfast, local', replicated, cluster],
  async *measure({rounds, only}) {
    const compared = only.filter((name) => name in cases) as (keyof typeof cases)[]
    if (compared.length > 0) {
      await using place = await openPlace()
      for (let round = 1; round <= rounds; round++) {
        for (const name of compared) {
          const contenders: [string, Contender][] = Object.entries(cases[name])
          for (const [contender, measure] of rotate(contenders, round)) {
            yield {round, contender, metric: metrics[name], value: await measure(place)}
          }
        }
      }
    }
    if (only.includes('take-over')) {
      let round = 0
      for await (const value of measureTakeOver(requireServer(), rounds)) {
        yield {round: ++round, contender: replicated, metric: takeOver, value}
      }
    }
    for (const [name, measure] of Object.entries({sessions: measureSessions, costs: measureCosts})) {
      if (!only.includes(name)) continue
      for (let round = 1; round <= rounds; round++) {
        // Anew: what is in the servers already has a cost, too.
        await using place = await openPlace()
        for await (const [metric, value] of measure(place)) yield {round, contender: cluster, metric, value}
      }
    }
  },
  goals(median) {
    const {accept, prompts, ship} = metrics
    const local = median(accept, 'holdfast, local') / median(accept, 'sqlite')
    const both = median(accept, bare) + median(accept, 'sqlite')
    return [
      atMost('local: time to accept an event, ratio to SQLite alone', local, 1.5),
      atMost(
        'replicated: time to accept an event, ratio to SQLite and a publish together',
        median(accept, replicated) / both,
        2,
      ),
      atLeast(
        'replicated: accepted prompts per second of 50 sessions, ratio to SQLite alone',
        median(prompts, replicated) / median(prompts, 'sqlite'),
        0.5,
      ),
      atLeast(
        'replicated: events per second, ratio to bare publishing',
        median(ship, replicated) / median(ship, bare),
        1,
      ),
      atMost('take-over: s beyond the lease time', median(takeOver, replicated) - leaseMs / 1000, 1),
    ]
  },
}

/** A new cluster with a fleet, until it is disposed. */
async function openPlace(): Promise<CostsPlace & AsyncDisposable> {
  const program = requireServer()
  const folder = mkdtempSync(join(tmpdir(), 'bench-fleet-'))
  const servers = createServers({program, folder, count: 3})
  let fleet: Fleet | undefined
  const dispose = async () => {
    await fleet?.close()
    await Promise.all(servers.map((server) => server.kill('SIGKILL')))
    rmSync(folder, {recursive: true})
  }
  try {
    await Promise.all(servers.map((server) => server.start()))
    fleet = await openWhenReady(servers.map(({url}) => url))
  } catch (error) {
    await dispose()
    throw error
  }
  return {fleet, servers, folder, [Symbol.asyncDispose]: dispose}
}

function requireServer(): string {
  const program = NEEDS['nats-server'].find()
  if (program === undefined) throw new Error(NEEDS['nats-server'].skipped)
  return program
}

/** A cluster that has just started elects a leader first. */
async function openWhenReady(urls: readonly string[]): Promise<Fleet> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await openFleet(urls)
    } catch (error) {
      if (attempt === 60) throw error
      await delay(500)
    }
  }
}
