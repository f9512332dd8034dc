import {copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {claimFile, openSqliteLog, readClaimFile, sessionPaths} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {readHolder} from '../src/claim/current-claim.ts'
import {sendOrder} from '../src/machines/moves/orders.ts'
import {listUnshipped, openUnshipped} from '../src/machines/reconcile/unshipped-logs.ts'
import {startServer} from './fixtures/start-servers.ts'
import {appendOutput, countLists, openTestFleet, readUntil} from './fixtures/test-fleet.ts'
import {createBox, noteClaim, untilAt} from './fixtures/test-machine.ts'

test('a machine that comes back names the events that nobody else has, and keeps them', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [dead, next] = [createBox(fleet, 'dead'), createBox(fleet, 'next')]
  const [first] = [await dead.start(), await next.start()]
  const [sessionId, whole] = [await dead.createSession(), await dead.createSession()]
  const {log, shipper} = dead.hosts.get(sessionId)!
  await shipper.close()
  appendOutput(log, 'never sent', 'never sent either')
  await first.close()
  await dead.kill()
  for (const id of [sessionId, whole]) await untilAt(fleet, next, id)

  await dead.start()

  await expect.poll(() => dead.reported('set-aside')).toMatchObject([{sessionId, machine: 'next', first: 3, last: 4}])
  await expect.poll(() => dead.reported('removed')).toMatchObject([{sessionId: whole, machine: 'next'}])
  expect([dead.hasLog(sessionId), dead.hasLog(whole)]).toEqual([false, false])
  const [unshipped, ...others] = listUnshipped(dead.home)
  expect(others).toEqual([])
  expect(unshipped).toMatchObject({sessionId, epoch: 2, through: 2})
  const kept = openUnshipped(unshipped!)
  expect(kept.read({afterSeq: 2}).map(({payload}) => payload)).toEqual([
    {text: 'never sent'},
    {text: 'never sent either'},
  ])
  kept.close()
  expect(await sendOrder(fleet, 'dead', {kind: 'status'})).toEqual({
    kind: 'status',
    unshipped: [{sessionId, first: 3, last: 4}],
    failed: [],
  })
})

test('a log that somebody reads is set aside whole', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [dead, next] = [createBox(fleet, 'dead'), createBox(fleet, 'next')]
  const [first] = [await dead.start(), await next.start()]
  const sessionId = await dead.createSession()
  const {log, shipper} = dead.hosts.get(sessionId)!
  await shipper.close()
  // A search in the middle of the log: SQLite keeps later events in the WAL.
  const reader = new DatabaseSync(sessionPaths(dead.home, sessionId).log, {readOnly: true})
  reader.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
  appendOutput(log, 'never sent', 'never sent either')
  await first.close()
  await dead.kill()
  await untilAt(fleet, next, sessionId)

  await dead.start()
  await expect.poll(() => dead.reported('set-aside')).toMatchObject([{sessionId, machine: 'next', first: 3, last: 4}])
  const kept = openUnshipped(listUnshipped(dead.home)[0]!)
  expect(kept.latestSeq).toBe(4)
  kept.close()
  reader.close()
})

test('a log that lost events which the cluster has gets them back, with one claim', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  const machine = await box.start()
  const sessionId = await box.createSession()
  const {log: file} = sessionPaths(box.home, sessionId)
  const {log, shipper} = box.hosts.get(sessionId)!
  appendOutput(log, 'synced')
  log.checkpoint()
  copyFileSync(file, `${box.home}/synced.db`)
  appendOutput(log, 'not synced', 'either')
  shipper.wake()
  await shipper.replicated(5)
  await box.kill()
  // A power failure.
  for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, {force: true})
  copyFileSync(`${box.home}/synced.db`, file)
  noteClaim(box, sessionId)
  const countedLists = countLists(fleet)

  machine.look()

  await expect.poll(() => readClaimFile(claimFile(file))).toMatchObject({epoch: 2, through: 5})
  expect(
    box
      .openLog(sessionId)
      .read({afterSeq: 3})
      .map(({payload}) => payload),
  ).toEqual([{text: 'not synced'}, {text: 'either'}])
  const counted = countedLists()
  machine.look()
  await expect.poll(countedLists).toBeGreaterThan(counted)
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'box', epoch: 2})
  expect(box.reported('session-failed')).toEqual([])
})

test('a log that has other events than the cluster costs one claim, however often it is tried', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  const machine = await box.start()
  const sessionId = await box.createSession()
  const {log: file} = sessionPaths(box.home, sessionId)
  const {log, shipper} = box.hosts.get(sessionId)!
  log.checkpoint()
  copyFileSync(file, `${box.home}/synced.db`)
  appendOutput(log, 'one')
  appendOutput(log, 'two')
  shipper.wake()
  await shipper.replicated(4)
  await box.kill()
  for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, {force: true})
  copyFileSync(`${box.home}/synced.db`, file)
  const other = openSqliteLog({file, sessionId, now: () => 1000})
  appendOutput(other, 'another one')
  other.close()
  noteClaim(box, sessionId)
  const countedLists = countLists(fleet)

  for (let attempts = 1; attempts <= 3; attempts++) {
    const counted = countedLists()
    machine.look()
    await expect.poll(countedLists).toBeGreaterThan(counted)
  }

  await expect
    .poll(() => box.reported('session-failed'))
    .toMatchObject([{sessionId, error: {code: 'diverged', message: expect.stringContaining('Event 3 of session')}}])
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'box', epoch: 2})
})

test('a set-aside log that cannot be read does not keep a machine from its answer', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  await box.start()
  const sessionId = createSessionId()
  mkdirSync(`${box.home}/unshipped`)
  writeFileSync(`${box.home}/unshipped/${sessionId}.2-after-40.db`, 'no log')
  expect(await sendOrder(fleet, 'box', {kind: 'status'})).toEqual({
    kind: 'status',
    unshipped: [{sessionId, first: 41, last: 41}],
    failed: [],
  })
})

test('what a killed host had not sent, its machine sends, and closes what the host had closed', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  const machine = await box.start()
  const [open, closed] = [await box.createSession(), await box.createSession()]
  for (const id of [open, closed]) {
    const {log, shipper} = box.hosts.get(id)!
    await shipper.close()
    appendOutput(log, 'never sent')
    if (id === closed) log.append([{type: 'session.closed', payload: {reason: 'user'}}])
    log.close()
    box.hosts.delete(id)
    noteClaim(box, id)
  }

  machine.look()

  await expect.poll(async () => (await readHolder(fleet, closed))?.state).toBe('closed')
  const file = (id: string) => claimFile(sessionPaths(box.home, id).log)
  await expect.poll(() => readClaimFile(file(open))).toMatchObject({epoch: 2, through: 3})
  expect(existsSync(file(closed))).toBe(false)
  expect((await readUntil(fleet, open, 3)).map(({event}) => event.seq)).toEqual([1, 2, 3])
})
