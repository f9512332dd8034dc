import {copyFileSync, existsSync, mkdirSync, rmSync, watch, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {claimFile, homePaths, openSqliteLog, readClaimFile, sessionPaths, writeClaimFile} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, onTestFinished, test, vi} from 'vitest'

import {deleteSession} from '../src/claim/delete-session.ts'
import {readHolder} from '../src/claim/current-claim.ts'
import type {FleetError} from '../src/fleet-error.ts'
import {sendOrder} from '../src/machines/moves/orders.ts'
import {listUnshipped, openUnshipped} from '../src/machines/reconcile/unshipped-logs.ts'
import {copyLog} from '../src/read/copy-log.ts'
import type {Fleet} from '../src/stream/fleet.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {startServer} from './fixtures/start-servers.ts'
import {appendOutput, openTestFleet, publishForeign, readUntil, win} from './fixtures/test-fleet.ts'
import {createBox, leaseMs, untilAt, type TestBox} from './fixtures/test-machine.ts'

test('a machine that is gone loses its sessions to another one, which goes on with its log', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [dead, next] = [createBox(fleet, 'dead'), createBox(fleet, 'next')]
  const [first] = [await dead.start(), await next.start()]
  const sessionId = await dead.createSession()
  const closedAt = performance.now()
  await first.close()
  await dead.kill()

  await untilAt(fleet, next, sessionId)

  // Until a moment ago, its lease was there.
  expect(performance.now() - closedAt).toBeGreaterThan(leaseMs / 3)
  const events = next.openLog(sessionId).read()
  expect(events.map(({seq, type}) => [seq, type])).toEqual([
    [1, 'session.info'],
    [2, 'background.output'],
    [3, 'note'],
  ])
  expect(events[2]!.payload).toMatchObject({
    text: expect.stringMatching(/^Machine dead is gone: the session goes on at next/),
  })
  expect(next.reported('took-over')).toMatchObject([{sessionId, from: 'dead', epoch: 2, through: 2}])
  expect(existsSync(`${next.home}/restoring/${sessionId}.db`)).toBe(false)
})

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

test('a drained machine moves its sessions, waits for a running prompt, and names what no machine can hold', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [old, next] = [createBox(fleet, 'old'), createBox(fleet, 'next')]
  await Promise.all([old.start(), next.start({labels: ['agent:claude']})])
  const idle = await old.createSession({needs: ['agent:claude']})
  const busy = await old.createSession()
  const stranded = await old.createSession({needs: ['agent:codex']})
  const unborn = createSessionId()
  await win(fleet, unborn, {machine: 'old'})
  old.busy.add(busy)
  appendOutput(old.hosts.get(idle)!.log, 'not sent before')

  const drain = () => sendOrder(fleet, 'old', {kind: 'drain', now: false})
  await drain()
  await untilAt(fleet, next, idle)
  await expect.poll(drain).toEqual({
    kind: 'draining',
    left: 2,
    busy: [busy],
    stranded: [{sessionId: stranded, needs: ['agent:codex']}],
  })
  expect(await readHolder(fleet, unborn)).toMatchObject({machine: 'old', state: 'closed'})
  expect(old.hasLog(idle)).toBe(false)
  expect(
    next
      .openLog(idle)
      .read({afterSeq: 2})
      .map(({type}) => type),
  ).toEqual(['background.output', 'note'])

  old.busy.delete(busy)
  await untilAt(fleet, next, busy)
  await expect.poll(drain).toMatchObject({left: 1, busy: []})
  expect(listUnshipped(old.home)).toEqual([])
})

test('a prompt that begins while a drained machine moves other sessions is not interrupted', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [old, next] = [createBox(fleet, 'old'), createBox(fleet, 'next')]
  await Promise.all([old.start(), next.start()])
  const [idle, late] = [await old.createSession(), await old.createSession()]
  const asked: string[] = []
  const isBusy = vi.spyOn(old.busy, 'has').mockImplementation((id) => id === late && asked.push(id) > 1)

  const drain = () => sendOrder(fleet, 'old', {kind: 'drain', now: false})
  await drain()
  await untilAt(fleet, next, idle)
  await expect.poll(() => asked.length, {timeout: 10_000}).toBeGreaterThan(2)
  expect(await drain()).toMatchObject({left: 1, busy: [late]})
  expect(old.hosts.has(late)).toBe(true)

  isBusy.mockRestore()
  await untilAt(fleet, next, late)
})

test('a drained machine on which a host has begun a session since is not drained', async () => {
  const fleet = await openTestFleet([await startServer()])
  const box = createBox(fleet, 'box')
  // It lists the sessions only when it is told to.
  const machine = await box.start({sweepMs: 600_000})
  expect(machine.isDrained).toBe(false)
  const drain = () => sendOrder(fleet, 'box', {kind: 'drain', now: false})
  await drain()
  await expect.poll(() => machine.isDrained).toBe(true)

  const sessionId = await box.createSession()
  noteClaim(box, sessionId)
  expect(machine.isDrained).toBe(false)
  box.hosts.get(sessionId)!.log.append([{type: 'session.closed', payload: {reason: 'user'}}])
  expect(machine.isDrained).toBe(true)
})

test('one session moves to a machine, except where it cannot', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [old, next] = [createBox(fleet, 'old'), createBox(fleet, 'next')]
  await Promise.all([old.start(), next.start()])
  const sessionId = await old.createSession()
  const move = (to: string, now = false) => sendOrder(fleet, 'old', {kind: 'move', sessionId, to, now})

  expect(await move('nowhere')).toEqual({
    kind: 'refused',
    message: `session ${sessionId} cannot move to nowhere: nowhere is no machine of the fleet now: next, old are`,
  })
  old.busy.add(sessionId)
  expect(await move('next')).toEqual({kind: 'busy'})
  expect(await move('next', true)).toEqual({kind: 'moved'})
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'next'})
  expect(await move('next')).toEqual({kind: 'moved'})
  expect([old.hasLog(sessionId), next.hasLog(sessionId)]).toEqual([false, true])
})

test('a session that its machine has claimed and not read back is read back', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [other, box] = [createBox(fleet, 'other'), createBox(fleet, 'box')]
  const sessionId = await other.createSession()
  await other.kill()
  await win(fleet, sessionId, {machine: 'box', replaces: 1})

  await box.start()

  await untilAt(fleet, box, sessionId)
  expect(box.reported('took-over')).toMatchObject([{sessionId, epoch: 3, through: 2}])
})

test('a log that cannot be read back yet costs one claim, however often it is tried', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [other, box] = [createBox(fleet, 'other'), createBox(fleet, 'box')]
  const [first] = [await other.start(), await box.start()]
  const sessionId = await other.createSession()
  const folder = `${box.home}/restoring`
  writeFileSync(folder, 'in the way')
  await first.close()
  await other.kill()
  await expect.poll(() => box.reported('session-failed').length, {timeout: 10_000}).toBe(1)

  // Another fault shows another attempt.
  rmSync(folder)
  mkdirSync(`${folder}/${sessionId}.db`, {recursive: true})
  await expect.poll(() => box.reported('session-failed').length, {timeout: 10_000}).toBeGreaterThan(1)
  rmSync(folder, {recursive: true})

  await untilAt(fleet, box, sessionId)
  expect(box.reported('took-over')).toMatchObject([{sessionId, epoch: 2, through: 2}])
})

test('what a machine notes when it takes a session over is in the cluster, also where no host starts', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [other, box] = [createBox(fleet, 'other'), createBox(fleet, 'box')]
  const [first] = [await other.start(), await box.start()]
  const sessionId = await other.createSession()
  await first.close()
  await other.kill()
  await untilAt(fleet, box, sessionId)

  const file = `${box.home}/copy.db`
  await copyLog(fleet, sessionId, {file})
  const copy = openSqliteLog({file, sessionId, readOnly: true})
  expect([...copy.read({afterSeq: 2})].map(({type}) => type)).toEqual(['note'])
  copy.close()
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
  for (const box of boxes) await expect.poll(() => box.reported('lease-lost'), {timeout: 10_000}).toHaveLength(1)
  await server.start()

  for (const box of boxes) await expect.poll(() => box.reported('joined'), {timeout: 10_000}).toHaveLength(2)
  // By now everybody has looked with all the others there.
  const lookedAt = performance.now()
  await expect.poll(() => performance.now() - lookedAt, {timeout: 10_000}).toBeGreaterThan(leaseMs)
  for (const [index, box] of boxes.entries()) {
    expect(await readHolder(box.fleet, sessions[index]!)).toMatchObject({machine: box.name, epoch: 1})
    expect(box.reported('cluster-away')).toMatchObject([{error: {code: 'unreachable'}}])
    expect(box.reported('cluster-back')).toHaveLength(1)
  }
})

test('a session that was closed, or deleted, stays so', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [dead, next] = [createBox(fleet, 'dead'), createBox(fleet, 'next')]
  const [first] = [await dead.start(), await next.start()]
  const [closed, deleted] = [await dead.createSession(), await dead.createSession()]
  const {log, shipper} = dead.hosts.get(closed)!
  log.append([{type: 'session.closed', payload: {reason: 'user'}}])
  shipper.wake()
  await shipper.replicated(3)
  await first.close()
  await dead.kill()
  await deleteSession(fleet, deleted)

  await untilAt(fleet, next, closed)
  await expect.poll(() => readHolder(fleet, closed)).toMatchObject({machine: 'next', state: 'closed'})
  expect(next.openLog(closed).latestSeq).toBe(3)
  expect([next.hosts.size, next.hasLog(deleted)]).toEqual([0, false])

  await dead.start()
  await expect.poll(() => [dead.hasLog(closed), dead.hasLog(deleted)]).toEqual([false, false])
  expect(listUnshipped(dead.home)).toEqual([])
})

test('a session of which the cluster has no event stays with its machine', async () => {
  const fleet = await openTestFleet([await startServer()])
  const next = createBox(fleet, 'next')
  await next.start()
  const sessionId = createSessionId()
  await win(fleet, sessionId, {machine: 'dead'})
  await expect
    .poll(() => next.reported('stranded'), {timeout: 10_000})
    .toEqual([{kind: 'stranded', sessionId, machine: 'dead', needs: [], isEmpty: true}])
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'dead', epoch: 1})
})

test('sessions that cannot be read back do not hold up the others', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [dead, next] = [createBox(fleet, 'dead'), createBox(fleet, 'next')]
  const [first] = [await dead.start(), await next.start({restoreMs: 300})]
  const stuck = await Promise.all(Array.from({length: 4}, () => dead.createSession()))
  const whole = await dead.createSession()
  const {consumers} = natsOf(fleet).jetstream
  const get = consumers.get.bind(consumers)
  vi.spyOn(consumers, 'get').mockImplementation(async (stream, options) => {
    if (stuck.some((id) => JSON.stringify(options).includes(id))) throw new Error('no room for a consumer')
    return await get(stream, options)
  })
  await first.close()
  await dead.kill()

  await untilAt(fleet, next, whole)
  await expect.poll(() => next.reported('session-failed').length, {timeout: 10_000}).toBe(4)
  expect(next.reported('session-failed')[0]!.error).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^The cluster did not send the whole log of session \w+ within 0.3 s/),
  })
  vi.restoreAllMocks()
  for (const id of stuck) await untilAt(fleet, next, id)
})

/** What a host leaves that has claimed its session. */
function noteClaim(box: TestBox, sessionId: string, through = 2): void {
  const claim = {fleet: 'main', machine: box.name, epoch: 1, promise: 'local', through} as const
  writeClaimFile(claimFile(sessionPaths(box.home, sessionId).log), claim)
}

/** Counts how often the sessions of a fleet are listed from now on. */
function countLists(fleet: Fleet): () => number {
  const {consumers} = natsOf(fleet).jetstream
  const get = vi.spyOn(consumers, 'get')
  onTestFinished(() => get.mockRestore())
  return () => get.mock.calls.filter((call) => JSON.stringify(call).includes('*.claim.*')).length
}

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

  await expect.poll(() => readClaimFile(claimFile(file)), {timeout: 10_000}).toMatchObject({epoch: 2, through: 5})
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
    await expect.poll(countedLists, {timeout: 10_000}).toBeGreaterThan(counted)
  }

  await expect
    .poll(() => box.reported('session-failed'))
    .toMatchObject([{sessionId, error: {code: 'diverged', message: expect.stringContaining('Event 3 of session')}}])
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'box', epoch: 2})
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
  await expect.poll(() => performance.now() - startedAt, {timeout: 10_000}).toBeGreaterThan(2 * leaseMs)
  machine.look()
  const countedLists = countLists(fleet)
  await expect.poll(countedLists).toBeGreaterThan(0)
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'newer', epoch: 1})
  expect(box.reported('lease-unreadable')).toHaveLength(1)
})

test('who follows the files of a home is told again of a session that comes to it, once its log is there', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [old, next] = [createBox(fleet, 'old'), createBox(fleet, 'next')]
  await Promise.all([old.start(), next.start()])
  const sessionId = await old.createSession()
  const {run} = homePaths(next.home)
  mkdirSync(run, {recursive: true})
  const seen: boolean[] = []
  const watcher = watch(run, (_change, name) => {
    if (name === `${sessionId}.lock`) seen.push(next.hasLog(sessionId))
  })
  onTestFinished(() => watcher.close())
  expect(await sendOrder(fleet, 'old', {kind: 'move', sessionId, to: 'next', now: false})).toEqual({kind: 'moved'})
  await expect.poll(() => seen).toContain(true)
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

test.each(['local', 'replicated'] as const)(
  '%s: a prompt that waited on a machine that is gone runs only if it cannot have begun there',
  async (promise) => {
    const fleet = await openTestFleet([await startServer()], {promise})
    const [dead, next] = [createBox(fleet, 'dead'), createBox(fleet, 'next')]
    const [first] = [await dead.start(), await next.start()]
    const sessionId = await dead.createSession()
    const {log, shipper} = dead.hosts.get(sessionId)!
    log.append([{type: 'prompt.queued', payload: {prompt_id: 'a', text: 'make', position: 1}}])
    shipper.wake()
    await shipper.replicated(3)
    await first.close()
    await dead.kill()
    await untilAt(fleet, next, sessionId)

    const state = next.openLog(sessionId).state()!
    const isHeld = promise === 'local'
    expect(state.queue).toMatchObject([{prompt_id: 'a', ...(isHeld && {held: true})}])
    expect(state.held).toEqual(isHeld ? {reason: 'machine-gone'} : null)
    await expect.poll(() => next.reported('took-over')).toHaveLength(1)
    await expect.poll(() => next.hosts.has(sessionId)).toBe(!isHeld)
  },
)

test('a list of leases that lacks a machine, as that of a server that is behind, takes nothing from it', async () => {
  const fleet = await openTestFleet([await startServer()])
  const [box, other] = [createBox(fleet, 'box'), createBox(fleet, 'other')]
  await Promise.all([box.start({sweepMs: 100}), other.start()])
  const sessionId = await other.createSession()
  const {consumers} = natsOf(fleet).jetstream
  const get = consumers.get.bind(consumers)
  let lists = 0
  const spied = vi.spyOn(consumers, 'get').mockImplementation(async (stream, options) => {
    if (stream !== 'KV_holdfast-main-machines') return await get(stream, options)
    lists++
    return {info: async () => ({num_pending: 0}), delete: async () => true} as never
  })
  onTestFinished(() => spied.mockRestore())
  // Longer than two leases.
  await expect.poll(() => lists, {timeout: 30_000}).toBeGreaterThan(100)
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'other', epoch: 1})
  expect([...box.reported('took-over'), ...box.reported('stranded')]).toEqual([])
})
