import {expect, test} from 'vitest'

import type {Machine} from '../src/machines/choose-machine.ts'
import {listHeldSessions} from '../src/machines/list-held-sessions.ts'
import {openMachineLeases} from '../src/machines/machine-leases.ts'
import {startServer} from './fixtures/start-servers.ts'
import {openLog, openTestFleet, win} from './fixtures/test-fleet.ts'

const box: Machine = {name: 'box', instance: 'a', labels: ['agent:claude'], accepts: true}

test('a machine that does not renew its lease is off the list, and cannot renew it later', async () => {
  const leases = await openMachineLeases(await openTestFleet([await startServer()]), {leaseMs: 2000, replicas: 1})
  const taken = await leases.take(box)
  expect(taken).toMatchObject({kind: 'taken', lease: {machine: box}})
  expect(await leases.list()).toEqual([box])
  const {lease} = taken as Extract<typeof taken, {kind: 'taken'}>

  await expect.poll(() => leases.list()).toEqual([])

  expect(await leases.renew(lease)).toEqual({kind: 'lost'})
  expect(await leases.take({...box, instance: 'b'})).toMatchObject({kind: 'taken'})
})

test('a lease is renewed with other labels, held against a second process, and released at once', async () => {
  const leases = await openMachineLeases(await openTestFleet([await startServer()]), {leaseMs: 60_000, replicas: 1})
  const taken = await leases.take(box)
  const {lease} = taken as Extract<typeof taken, {kind: 'taken'}>
  const drained = {...box, accepts: false}

  const renewed = await leases.renew(lease, drained)
  expect(renewed).toMatchObject({kind: 'renewed', lease: {machine: drained}})
  expect(await leases.take({...box, instance: 'b'})).toEqual({kind: 'held', by: drained})
  expect(await leases.renew(lease)).toEqual({kind: 'lost'})

  await leases.release((renewed as Extract<typeof renewed, {kind: 'renewed'}>).lease)
  expect(await leases.list()).toEqual([])
  expect(await leases.take({...box, instance: 'b'})).toMatchObject({kind: 'taken'})
})

test('a name that cannot be a key is refused', async () => {
  const leases = await openMachineLeases(await openTestFleet([await startServer()]), {replicas: 1})
  await expect(leases.take({...box, name: 'my box'})).rejects.toThrow(
    'Expected the name of a machine to be 1 to 64 letters, digits, - and _, got "my box"',
  )
})

test('lists each session with its last claim', async () => {
  const fleet = await openTestFleet([await startServer()], {shards: 2})
  const sessions = [openLog(), openLog(), openLog()].map(({sessionId}) => sessionId)
  for (const sessionId of sessions) await win(fleet, sessionId, {machine: 'first'})
  await win(fleet, sessions[1]!, {machine: 'second', replaces: 1})

  const held = [...(await listHeldSessions(fleet, 0)), ...(await listHeldSessions(fleet, 1))]

  const byId = (a: {sessionId: string}, b: {sessionId: string}) => (a.sessionId < b.sessionId ? -1 : 1)
  const expected = sessions.map((sessionId, index) => ({
    sessionId,
    machine: index === 1 ? 'second' : 'first',
    epoch: index === 1 ? 2 : 1,
    needs: [],
    state: 'open',
    at: expect.any(Number),
    isUnfinished: false,
  }))
  expect(held.sort(byId)).toEqual(expected.sort(byId))
})

test('a second machine finds out how many streams the fleet has', async () => {
  const server = await startServer()
  await openTestFleet([server], {shards: 3})
  expect((await openTestFleet([server], {shards: 5})).shards).toBe(3)
  expect((await openTestFleet([server], {name: 'other', shards: 5})).shards).toBe(5)
})

test('a client does not create a fleet', async () => {
  const server = await startServer()
  await expect(openTestFleet([server], {create: false})).rejects.toMatchObject({
    code: 'no-stream',
    message: 'The cluster has no fleet main',
  })
  await openTestFleet([server], {shards: 3})
  expect((await openTestFleet([server], {create: false})).shards).toBe(3)
})

test('a list ends, and has every lease, however often they are renewed meanwhile', async () => {
  const fleet = await openTestFleet([await startServer()])
  const leases = await openMachineLeases(fleet, {replicas: 1})
  const names = Array.from({length: 20}, (_, index) => `m${index}`)
  let isOver = false
  const renewAll = async (name: string) => {
    const taken = await leases.take({...box, name})
    for (let held = taken; !isOver && held.kind === 'taken';) {
      const renewed = await leases.renew(held.lease)
      if (renewed.kind === 'renewed') held = {kind: 'taken', lease: renewed.lease}
    }
  }
  const renewing = names.map(renewAll)
  await expect.poll(async () => (await leases.list({known: names})).length).toBe(names.length)
  for (let round = 0; round < 100; round++) {
    const listed = await leases.list({known: names})
    expect(listed.map(({name}) => name).sort()).toEqual(names.toSorted())
  }
  isOver = true
  await Promise.all(renewing)
})
