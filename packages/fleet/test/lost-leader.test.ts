import {expect, test} from 'vitest'

import type {Fleet} from '../src/stream/fleet.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import type {NatsServer} from './fixtures/nats-servers.ts'
import {startCluster} from './fixtures/start-servers.ts'
import {
  allEvents,
  appendOutput,
  impatient,
  openLog,
  openTestFleet,
  readUntil,
  ship,
  win,
} from './fixtures/test-fleet.ts'

async function leaderOf(fleet: Fleet, servers: readonly NatsServer[]): Promise<NatsServer> {
  const {cluster} = await natsOf(fleet).manager.streams.info('holdfast-main-0-of-1')
  return servers.find(({name}) => name === cluster?.leader)!
}

test('a log is whole in the cluster after its leader was killed, and the next one stood still', async () => {
  const servers = await startCluster()
  const fleet = await openTestFleet(servers, impatient)
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  const grow = async () => {
    for (let count = 0; count < 20; count++) {
      appendOutput(log, ...Array.from({length: 50}, (_, index) => `${count} ${index}`))
      shipper.wake()
      if (count % 5 === 0) await shipper.replicated(log.latestSeq)
    }
  }
  await grow()

  const killed = await leaderOf(fleet, servers)
  await killed.kill('SIGKILL')
  await grow()
  await killed.start()

  const stopped = await leaderOf(fleet, servers)
  await stopped.kill('SIGSTOP')
  await grow()
  await stopped.kill('SIGCONT')

  await shipper.replicated(log.latestSeq)
  expect(await readUntil(fleet, log.sessionId, log.latestSeq)).toEqual(allEvents(log))
}, 120_000)
