import {randomUUID} from 'node:crypto'
import {join} from 'node:path'

import {openSqliteLog} from '@holdfast/event-log'
import {
  claimSession,
  listenFleet,
  openFleet,
  openMachineLeases,
  startShipper,
  watchClaims,
  type Fleet,
} from '@holdfast/fleet'
import {createSessionId} from '@holdfast/protocol'

import {natsOf} from '../../../packages/fleet/src/stream/nats-of.ts'
import {residentOf} from '../process-costs.ts'
import type {CostsPlace} from './costs.ts'

const machines = 5
const sessions = 500
const atOnce = 25

/**
 * 500 sessions on 5 machines: what their hosts have in the cluster, without their shells. Each has a connection of its own, ships its log,
 * listens for clients and watches its claims.
 */
export async function* measureSessions({
  fleet,
  servers,
  folder,
}: CostsPlace): AsyncGenerator<readonly [metric: string, value: number]> {
  const urls = servers.map(({url}) => url)
  const memory = () => servers.reduce((sum, {pid}) => sum + residentOf(pid!), 0) / servers.length
  const before = memory()
  const leases = await openMachineLeases(fleet)
  for (let index = 0; index < machines; index++) {
    await leases.take({name: `machine-${index}`, instance: randomUUID(), labels: [], accepts: true})
  }
  const ends: (() => Promise<void>)[] = []
  const open = async (index: number) => {
    const sessionId = createSessionId()
    const host = await openFleet(urls)
    const machine = `machine-${index % machines}`
    const result = await claimSession(host, sessionId, {machine, instance: randomUUID(), replaces: 0})
    if (result.kind === 'lost') throw new Error('Another machine has the session')
    const log = openSqliteLog({file: join(folder, `${sessionId}.db`), sessionId, create: true})
    log.append([{type: 'session.info', payload: {title: 'bench', agent: 'shell', cwd: '/', created_at: 0}}])
    const shipper = startShipper(host, result.claim, log)
    const listener = listenFleet(host, {session: sessionId}, () => {})
    const stopWatching = watchClaims(host, sessionId, shipper.check)
    await listener.listening
    await shipper.replicated(log.latestSeq)
    ends.push(async () => {
      stopWatching()
      await listener.close()
      await shipper.close()
      log.close()
      await host.close()
    })
  }
  const startedAt = performance.now()
  for (let index = 0; index < sessions; index += atOnce) {
    await Promise.all(Array.from({length: atOnce}, (_, offset) => open(index + offset)))
  }
  yield ['500 sessions: s until all are in the cluster', (performance.now() - startedAt) / 1000]
  yield ['500 sessions: MiB of memory of a server', memory()]
  yield ['500 sessions: MiB of memory of a server more than without them', memory() - before]
  yield ['500 sessions: connections', ends.length + 1]
  const {streams, subjects} = await countStreams(fleet)
  yield ['500 sessions: streams', streams]
  yield ['500 sessions: subjects in the streams', subjects]
  for (const end of ends) await end()
}

/** How many streams there are, those of the leases, too, and their subjects. */
async function countStreams(fleet: Fleet): Promise<{streams: number; subjects: number}> {
  const counts = {streams: 0, subjects: 0}
  for await (const {state} of natsOf(fleet).manager.streams.list()) {
    counts.streams++
    counts.subjects += state.num_subjects ?? 0
  }
  return counts
}
