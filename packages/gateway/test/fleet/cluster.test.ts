import {claimSession} from '@holdfast/fleet'
import {createSessionId} from '@holdfast/protocol'
import {expect, onTestFinished, test, vi} from 'vitest'

import {startServer} from '../../../fleet/test/fixtures/start-servers.ts'
import {countLists, hideLeases, openTestFleet, removeSessions} from '../../../fleet/test/fixtures/test-fleet.ts'
import {createCluster} from '../../src/fleet/cluster.ts'
import {startMachine} from '../fixtures/fleet-machine.ts'

const namesOf = (machines: readonly {name: string}[]) => machines.map(({name}) => name)

test('a list of leases that lacks machines takes none away that has an open session', async () => {
  const servers = [await startServer()]
  const a = await startMachine(servers, 'a')
  await startMachine(servers, 'b')
  await claimSession(a.fleet, createSessionId(), {machine: 'a', instance: '1', replaces: 0, needs: []})
  await claimSession(a.fleet, createSessionId(), {machine: 'gone', instance: '1', replaces: 0, needs: []})
  const fleet = await openTestFleet(servers)
  const hidden = hideLeases(fleet)
  const cluster = createCluster(() => Promise.resolve(fleet))
  expect(namesOf(await cluster.listMachines())).toEqual(['a'])
  expect(hidden.lists).toBe(1)
})

test('a list of leases that lacks machines does not lack this one', async () => {
  const {fleet} = await startMachine([await startServer()], 'a')
  hideLeases(fleet)
  const cluster = createCluster(() => Promise.resolve(fleet), {me: 'a'})
  expect(namesOf(await cluster.listMachines())).toEqual(['a'])
})

test('machines are listed without the wait for sessions that cannot be listed, but for the first time', async () => {
  const {fleet} = await startMachine([await startServer()], 'a')
  await removeSessions(fleet)
  const lists = countLists(fleet)
  vi.useFakeTimers({toFake: ['performance']})
  onTestFinished(() => void vi.useRealTimers())
  const cluster = createCluster(() => Promise.resolve(fleet))
  for (let round = 0; round < 3; round++) {
    expect(namesOf(await cluster.listMachines())).toEqual(['a'])
    // What was listed is kept for a moment.
    vi.advanceTimersByTime(1001)
  }
  expect(lists()).toBe(1)
  await expect(cluster.listHeld()).rejects.toThrow()
  expect(lists()).toBe(2)
})
