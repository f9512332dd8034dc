import {expect, test} from 'vitest'

import {claimSession} from '../src/claim/claim-session.ts'
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

test('of machines that claim at the same time over different servers, one wins, and its log goes on without a gap', async () => {
  const servers = await startCluster()
  const fleets = [await openTestFleet(servers)]
  for (const server of servers) fleets.push(await openTestFleet([server], {replicas: 3}))
  const log = openLog()
  let shipper = ship(fleets[0]!, await win(fleets[0]!, log.sessionId), log)

  for (let replaces = 1; replaces < 20; replaces++) {
    appendOutput(log, `under ${replaces}`)
    // The holder sends while the others claim.
    shipper.wake()
    const sent = shipper.replicated(log.latestSeq).then(
      () => true,
      () => false,
    )
    const results = await Promise.all(
      fleets.map((fleet, index) => {
        const name = `m${replaces}-${index}`
        return claimSession(fleet, log.sessionId, {machine: name, instance: name, replaces})
      }),
    )
    const winners = results.flatMap((result, index) => (result.kind === 'won' ? [{index, claim: result.claim}] : []))
    expect(winners).toHaveLength(1)
    const [{index, claim}] = winners as [(typeof winners)[0]]
    // What the holder was told to be in the cluster, the next one has.
    if (await sent) expect(claim.through).toBe(log.latestSeq)
    await shipper.close()
    shipper = ship(fleets[index]!, claim, log)
  }

  await shipper.replicated(log.latestSeq)
  expect(await readUntil(fleets[1]!, log.sessionId, log.latestSeq)).toEqual(allEvents(log))
})

test('a log is whole in the cluster after all servers were away', async () => {
  const servers = await startCluster()
  const fleet = await openTestFleet(servers, impatient)
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  await shipper.replicated(1)

  await Promise.all(servers.map((server) => server.kill('SIGKILL')))
  appendOutput(log, ...Array.from({length: 1000}, (_, index) => `line ${index}`))
  shipper.wake()
  await expect.poll(() => shipper.state).toMatchObject({kind: 'waiting', error: {code: 'unreachable'}})
  await Promise.all(servers.map((server) => server.start()))

  await shipper.replicated(log.latestSeq)
  expect(await readUntil(fleet, log.sessionId, log.latestSeq)).toEqual(allEvents(log))
}, 120_000)
