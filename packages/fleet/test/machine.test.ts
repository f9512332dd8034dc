import {expect, onTestFinished, test, vi} from 'vitest'

import {readHolder} from '../src/claim/current-claim.ts'
import type {FleetError} from '../src/fleet-error.ts'
import {sendOrder} from '../src/machines/moves/orders.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {startServer} from './fixtures/start-servers.ts'
import {countLists, hideLeases, openTestFleet, publishForeign} from './fixtures/test-fleet.ts'
import {createBox, leaseMs, untilAt} from './fixtures/test-machine.ts'

test('a process that starts again has the lease of the one before, and takes no session twice', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [box, other] = [createBox(fleet, 'box'), createBox(fleet, 'other')]
  await other.start()
  const before = await box.start({instance: 'before'})
  const sessionId = await box.createSession()
  await before.close()

  await box.start({instance: 'after', replaces: 'before'})

  expect(box.reported('joined')).toHaveLength(2)
  await expect(box.start({instance: 'stranger'})).rejects.toMatchObject({
    code: 'name-taken',
    message: expect.stringContaining('has the name box'),
  })
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'box', epoch: 1})
})

test('a machine whose name another process takes ends', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [box, copy] = [createBox(fleet, 'box'), createBox(fleet, 'box')]
  const machine = await box.start({instance: 'one'})
  await copy.start({instance: 'two', replaces: 'one'})
  await expect(machine.failed).rejects.toMatchObject({code: 'name-taken'})
})

test('after the whole cluster was away, machines that come back keep their sessions', async () => {
  const server = await startServer()
  const names = ['a', 'b', 'c']
  const boxes = await Promise.all(
    // Each machine has a connection of its own, which is made again at another time.
    names.map(async (name) => createBox(await openTestFleet([server], {timeoutMs: 500}), name)),
  )
  for (const box of boxes) await box.start()
  const sessions = [await boxes[0]!.createSession(), await boxes[1]!.createSession(), await boxes[2]!.createSession()]
  await server.kill('SIGKILL')
  for (const box of boxes) await expect.poll(() => box.reported('lease-lost')).toHaveLength(1)
  await server.start()

  for (const box of boxes) await expect.poll(() => box.reported('joined')).toHaveLength(2)
  // By now everybody has looked with all the others there.
  const lookedAt = performance.now()
  await expect.poll(() => performance.now() - lookedAt).toBeGreaterThan(leaseMs)
  for (const [index, box] of boxes.entries()) {
    expect(await readHolder(box.fleet, sessions[index]!)).toMatchObject({machine: box.name, epoch: 1})
    expect(box.reported('cluster-away')).toMatchObject([{error: {code: 'unreachable'}}])
    expect(box.reported('cluster-back')).toHaveLength(1)
  }
})

test('a machine that is asked to look while it does looks again', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  const machine = await box.start({sweepMs: 600_000})
  const {consumers} = natsOf(fleet).jetstream
  const get = consumers.get.bind(consumers)
  let lists = 0
  const spied = vi.spyOn(consumers, 'get').mockImplementation(async (stream, options) => {
    if (JSON.stringify(options).includes('*.claim.*') && ++lists === 1) machine.look()
    return await get(stream, options)
  })
  onTestFinished(() => spied.mockRestore())
  machine.look()
  await expect.poll(() => lists).toBe(2)
})

test('what a machine cannot read, it says once and leaves alone, and goes on with the rest', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [dead, box] = [createBox(fleet, 'dead'), createBox(fleet, 'box')]
  const [first] = [await dead.start(), await box.start()]
  const [newer, foreign, known] = [await dead.createSession(), await dead.createSession(), await dead.createSession()]
  const claimOf = (sessionId: string) => sessionSubjects('main', 1, sessionId).claim(2)
  await publishForeign(fleet, claimOf(newer), {header: '{"v":2,"kind":"claim"}'})
  await publishForeign(fleet, claimOf(foreign))
  await publishForeign(fleet, 'holdfast.main.0.no-session.claim.1')
  await publishForeign(fleet, '$KV.holdfast-main-machines.newer', {body: '{"v":2}'})
  await publishForeign(fleet, '$KV.holdfast-main-machines.no.name', {body: '{}'})
  await first.close()
  await dead.kill()

  await untilAt(fleet, box, known)

  const failed = box.reported('session-failed').map(({sessionId, error}) => [sessionId, (error as FleetError).code])
  expect(new Map(failed as [string, string][])).toEqual(
    new Map([
      [newer, 'newer-format'],
      [foreign, 'unreadable'],
    ]),
  )
  expect(failed).toHaveLength(2)
  expect(box.reported('lease-unreadable')).toMatchObject([{machine: 'newer', error: {code: 'unreadable'}}])
  expect(box.reported('cluster-away')).toEqual([])
  expect([box.hasLog(newer), box.hasLog(foreign)]).toEqual([false, false])
  expect(await sendOrder(fleet, 'box', {kind: 'status'})).toMatchObject({
    failed: expect.arrayContaining([{sessionId: newer, message: expect.stringContaining('newer version')}]),
  })
})

test('a machine whose lease cannot be read keeps its sessions', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  const machine = await box.start()
  const other = createBox(fleet, 'newer')
  const sessionId = await other.createSession()
  // As it renews it.
  const renewal = setInterval(
    () => void publishForeign(fleet, '$KV.holdfast-main-machines.newer', {body: '{"v":2}'}),
    200,
  )
  onTestFinished(() => clearInterval(renewal))
  await expect.poll(() => box.reported('lease-unreadable')).toHaveLength(1)
  const startedAt = performance.now()
  await expect.poll(() => performance.now() - startedAt).toBeGreaterThan(2 * leaseMs)
  machine.look()
  const countedLists = countLists(fleet)
  await expect.poll(countedLists).toBeGreaterThan(0)
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'newer', epoch: 1})
  expect(box.reported('lease-unreadable')).toHaveLength(1)
})

test('a list of leases that lacks a machine, as that of a server that is behind, takes nothing from it', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [box, other] = [createBox(fleet, 'box'), createBox(fleet, 'other')]
  await Promise.all([box.start({sweepMs: 100}), other.start()])
  const sessionId = await other.createSession()
  const hidden = hideLeases(fleet)
  // Longer than two leases.
  await expect.poll(() => hidden.lists, {timeout: 30_000}).toBeGreaterThan(100)
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'other', epoch: 1})
  expect([...box.reported('took-over'), ...box.reported('stranded')]).toEqual([])
})
