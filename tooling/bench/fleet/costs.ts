import {randomUUID} from 'node:crypto'
import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {openSqliteLog, type EventLog} from '@holdfast/event-log'
import {
  chooseMachine,
  claimSession,
  listHeldSessions,
  openFleet,
  openMachineLeases,
  restoreLog,
  startShipper,
  type Claim,
  type Fleet,
} from '@holdfast/fleet'
import {createSessionId} from '@holdfast/protocol'

import type {NatsServer} from '../../../packages/fleet/test/fixtures/nats-servers.ts'
import {natsOf} from '../../../packages/fleet/src/stream/nats-of.ts'
import {cpuMsOf, residentOf} from '../process-costs.ts'

export interface CostsPlace {
  fleet: Fleet
  servers: readonly NatsServer[]
  folder: string
}

const sessions = 4000
const machines = 500
const renewals = 3000
const lists = 100
const connections = 300
const idleMs = 6000
const streams = 16
const events = 20_000
/** As many at once as a client has on their way without waiting for memory. */
const atOnce = 32

/**
 * What one of each thing costs the three servers of a cluster together, for the simulation of a large fleet (`../scale`): CPU, which
 * is the same on a busy machine, and bytes.
 */
export async function* measureCosts(place: CostsPlace): AsyncGenerator<readonly [metric: string, value: number]> {
  const {fleet, servers, folder} = place
  const cpu = () => servers.reduce((sum, {pid}) => sum + cpuMsOf(pid!), 0)
  const memory = () => (servers.reduce((sum, {pid}) => sum + residentOf(pid!), 0) * 1024 * 1024) / servers.length
  const received = () => natsOf(fleet).connection.stats().inBytes
  const perOne = async (count: number, work: () => Promise<void>) => {
    const before = {cpu: cpu(), received: received(), at: performance.now()}
    await work()
    return {
      cpu: (cpu() - before.cpu) / count,
      received: (received() - before.received) / count,
      ms: (performance.now() - before.at) / count,
    }
  }

  const urls = servers.map(({url}) => url)
  const idleSeconds = idleMs / 1000
  await delay(2000)
  const resting = await perOne(1, () => delay(idleMs))

  // Streams that nothing is written to, then connections of hosts.
  const beforeStreams = memory()
  await (await openFleet(urls, {name: 'wide', shards: streams})).close()
  yield ['a stream: bytes of memory of a server', (memory() - beforeStreams) / streams]
  const leading = await perOne(1, () => delay(idleMs))
  yield ['a stream: ms of CPU of the servers per second', (leading.cpu - resting.cpu) / streams / idleSeconds]
  const beforeConnections = memory()
  const hosts = await Promise.all(
    Array.from({length: connections}, async (_, index) => {
      const host = await openFleet(urls)
      natsOf(host).connection.subscribe(`holdfast.main.host.${index}`)
      return host
    }),
  )
  await delay(2000)
  yield ['a connection: bytes of memory of its server', ((memory() - beforeConnections) * servers.length) / connections]
  const idling = await perOne(1, () => delay(idleMs))
  await Promise.all(hosts.map((host) => host.close()))
  yield ['a connection: ms of CPU of the servers per second', (idling.cpu - leading.cpu) / connections / idleSeconds]

  const machine = {name: '', instance: '', labels: ['agent:shell'], accepts: true}
  const many = Array.from({length: 1000}, (_, index) => ({...machine, name: `machine-${index}`}))
  const choices = 20
  const used = process.cpuUsage()
  for (let count = 0; count < choices; count++) {
    chooseMachine({sessionId: `session-${count}`, needs: ['agent:shell']}, many)
  }
  const {user, system} = process.cpuUsage(used)
  yield ['chooseMachine: ms of CPU of a machine for 1,000 machines', (user + system) / 1000 / choices]

  // Sessions.
  const ids = Array.from({length: sessions}, () => createSessionId())
  const claims: Claim[] = []
  const before = {memory: memory(), disk: bytesOn(folder, servers)}
  const claiming = await perOne(sessions, () =>
    eachAtOnce(ids, async (id, index) => {
      const claim = {
        machine: `machine-${index % machines}`,
        instance: randomUUID(),
        replaces: 0,
        needs: ['agent:shell'],
      }
      const result = await claimSession(fleet, id, claim)
      if (result.kind === 'won') claims.push(result.claim)
    }),
  )
  yield ['a claim: ms of CPU of the servers', claiming.cpu]
  await delay(3000)
  yield ['a session: bytes of memory of a server', (memory() - before.memory) / sessions]
  yield ['a session: bytes on the disk of a server', (bytesOn(folder, servers) - before.disk) / sessions]

  const listing = await perOne(20 * sessions, async () => {
    for (let round = 0; round < 20; round++) await listHeldSessions(fleet, 0)
  })
  yield ['listHeldSessions: bytes for a session', listing.received]
  yield ['listHeldSessions: ms of CPU of the servers for 1,000 sessions', listing.cpu * 1000]
  yield ['listHeldSessions: ms for 1,000 sessions', listing.ms * 1000]

  // Leases.
  const leases = await openMachineLeases(fleet, {leaseMs: 600_000})
  const empty = await perOne(lists, async () => {
    for (let round = 0; round < lists; round++) await leases.list()
  })
  yield ['the list of no machines: ms of CPU of the servers', empty.cpu]
  yield ['the list of no machines: ms', empty.ms]
  const held = await Promise.all(
    Array.from({length: machines}, async (_, index) => {
      const taken = await leases.take({
        name: `machine-${index}`,
        instance: randomUUID(),
        labels: ['agent:claude', 'agent:codex', 'folder:/srv/app'],
        accepts: true,
      })
      if (taken.kind === 'held') throw new Error('The lease is held')
      return taken.lease
    }),
  )
  const renewing = await perOne(renewals, () =>
    eachAtOnce(
      Array.from({length: machines}, (_, index) => index),
      async (index) => {
        for (let count = 0; count < renewals / machines; count++) {
          const renewed = await leases.renew(held[index]!)
          if (renewed.kind === 'lost') throw new Error('The lease is lost')
          held[index] = renewed.lease
        }
      },
    ),
  )
  yield ['a renewed lease: ms of CPU of the servers', renewing.cpu]
  yield ['renewed leases per second', 1000 / renewing.ms]
  const listingMachines = await perOne(lists * machines, async () => {
    for (let round = 0; round < lists; round++) await leases.list()
  })
  yield ['the list of machines: bytes for a machine', listingMachines.received]
  yield ['the list of machines: ms of CPU of the servers for a machine', listingMachines.cpu - empty.cpu / machines]

  // Events: a host that ships its output at once, and prompts of many sessions.
  const disk = bytesOn(folder, servers)
  const [claim] = claims
  const sessionId = claim!.sessionId
  const log = openLog(folder, sessionId)
  for (let count = 0; count < events; count += 50) {
    log.append(Array.from({length: 50}, () => ({type: 'background.output', payload: {text: 'x'.repeat(100)}})))
  }
  const shipper = startShipper(fleet, claim!, log)
  const shipping = await perOne(events, () => shipper.replicated(log.latestSeq))
  await shipper.close()
  yield ['an event of 100 bytes: ms of CPU of the servers', shipping.cpu]
  yield ['an event of 100 bytes: bytes on the disk of a server', (bytesOn(folder, servers) - disk) / events]
  const again = await claimSession(fleet, sessionId, {machine: 'other', instance: '1', replaces: 1})
  if (again.kind === 'lost') throw new Error('Another machine has the session')
  const restoring = await perOne(log.latestSeq, async () => {
    await restoreLog(fleet, again.claim, {file: join(folder, 'restored.db')})
  })
  log.close()
  yield ['restoreLog: ms for 1,000 events', restoring.ms * 1000]
  yield ['restoreLog: ms of CPU of the servers for 1,000 events', restoring.cpu * 1000]

  const shippers = claims.slice(1, 201).map((each) => {
    const small = openLog(folder, each.sessionId)
    return {small, shipper: startShipper(fleet, each, small)}
  })
  const accepting = await perOne(shippers.length * 10, () =>
    eachAtOnce(shippers, async ({small, shipper: each}) => {
      for (let count = 0; count < 10; count++) {
        small.append([{type: 'note', payload: {text: `make ${count}`, level: 'info'}}])
        each.wake()
        await each.replicated(small.latestSeq)
      }
    }),
  )
  yield ['an event by itself: ms of CPU of the servers', accepting.cpu]
  yield ['events by themselves per second', 1000 / accepting.ms]
  for (const {small, shipper: each} of shippers) {
    await each.close()
    small.close()
  }
}

function openLog(folder: string, sessionId: string): EventLog {
  const log = openSqliteLog({file: join(folder, `${sessionId}.db`), sessionId, create: true})
  log.append([{type: 'session.info', payload: {title: 'bench', agent: 'shell', cwd: '/', created_at: 0}}])
  return log
}

async function eachAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  await Promise.all(
    Array.from({length: atOnce}, async () => {
      for (const [index, item] of queue) await work(item, index)
    }),
  )
}

/** What the files of a server occupy, on average. */
function bytesOn(folder: string, servers: readonly NatsServer[]): number {
  const files = servers.flatMap(({name}) => readdirSync(join(folder, name), {recursive: true, withFileTypes: true}))
  const sizes = files
    .filter((file) => file.isFile())
    .map((file) => statSync(join(file.parentPath, file.name)).blocks * 512)
  return sizes.reduce((sum, size) => sum + size, 0) / servers.length
}
