import {expect, test} from 'vitest'

import {closeClaim} from '../src/claim/close-claim.ts'
import {deleteSession} from '../src/claim/delete-session.ts'
import {openMachineLeases} from '../src/machines/machine-leases.ts'
import {copyLog} from '../src/read/copy-log.ts'
import {openPair} from './fixtures/links.ts'
import {startServer} from './fixtures/start-servers.ts'
import {openLog, openTestFleet, ship, win} from './fixtures/test-fleet.ts'

test('a machine needs no other permissions than those that the README lists', async () => {
  const server = await startServer(`authorization {users: [
    {user: box, password: box, permissions: {
      publish: ["holdfast.main.>", "$KV.holdfast-main-machines.>", "$JS.API.>", "_INBOX.>"]
      subscribe: ["holdfast.main.>", "_INBOX.>"]
    }}
  ]}`)
  const fleet = await openTestFleet([server], {user: 'box', password: 'box'})
  const leases = await openMachineLeases(fleet, {replicas: 1})
  const taken = await leases.take({name: 'box', instance: '1', labels: [], accepts: true})
  expect(taken.kind).toBe('taken')
  expect(await leases.list()).toHaveLength(1)

  const log = openLog()
  const claim = await win(fleet, log.sessionId)
  const shipper = ship(fleet, claim, log)
  await shipper.replicated(1)
  await shipper.close()
  expect(await copyLog(fleet, log.sessionId, {file: `${log.file}.copy`})).toBe(1)
  const [client, host] = await openPair({near: fleet, far: fleet})
  const arrived = new Promise((resolve) => host.listen({message: resolve}))
  client.write({jsonrpc: '2.0', method: 'hello'})
  expect(await arrived).toEqual({jsonrpc: '2.0', method: 'hello'})
  await closeClaim(fleet, claim)
  await deleteSession(fleet, log.sessionId)
})
