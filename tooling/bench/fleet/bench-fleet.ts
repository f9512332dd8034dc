import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {openFleet, type Fleet} from '@holdfast/fleet'

import {createServers} from '../../../packages/fleet/test/fixtures/nats-servers.ts'
import {NEEDS} from '../../vitest/needs.ts'
import {rotate, type Bench} from '../bench.ts'
import {atLeast, atMost} from '../report.ts'
import {acceptEvents, shipEvents, type Contender} from './contenders.ts'

const metrics = {
  accept: 'ms to accept an event',
  ship: 'events per second',
} as const
const cases = {accept: acceptEvents, ship: shipEvents}
const bare = 'jetstream'

/** A log on this machine and in a cluster of three servers on loopback, beside SQLite and JetStream alone. */
export const benchFleet: Bench = {
  cases: Object.keys(cases),
  contenders: [bare, 'sqlite', 'holdfast, local', 'holdfast, replicated'],
  async *measure({rounds, only}) {
    const program = NEEDS['nats-server'].find()
    if (program === undefined) throw new Error(NEEDS['nats-server'].skipped)
    const folder = mkdtempSync(join(tmpdir(), 'bench-fleet-'))
    const servers = createServers({program, folder, count: 3})
    let fleet: Fleet | undefined
    try {
      await Promise.all(servers.map((server) => server.start()))
      fleet = await openWhenReady(servers.map(({url}) => url))
      for (let round = 1; round <= rounds; round++) {
        for (const name of only as (keyof typeof cases)[]) {
          const contenders: [string, Contender][] = Object.entries(cases[name])
          for (const [contender, measure] of rotate(contenders, round)) {
            yield {round, contender, metric: metrics[name], value: await measure({fleet, folder})}
          }
        }
      }
    } finally {
      await fleet?.close()
      await Promise.all(servers.map((server) => server.kill('SIGKILL')))
      rmSync(folder, {recursive: true})
    }
  },
  goals(median) {
    const {accept, ship} = metrics
    const local = median(accept, 'holdfast, local') / median(accept, 'sqlite')
    const both = median(accept, bare) + median(accept, 'sqlite')
    return [
      atMost('local: time to accept an event, ratio to SQLite alone', local, 1.5),
      atMost(
        'replicated: time to accept an event, ratio to SQLite and a publish together',
        median(accept, 'holdfast, replicated') / both,
        2,
      ),
      atLeast(
        'replicated: events per second, ratio to bare publishing',
        median(ship, 'holdfast, replicated') / median(ship, bare),
        1,
      ),
    ]
  },
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
