import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'

import {openSqliteLog} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, test, vi} from 'vitest'

import {deleteSession} from '../src/claim/delete-session.ts'
import {readHolder} from '../src/claim/current-claim.ts'
import {listUnshipped} from '../src/machines/reconcile/unshipped-logs.ts'
import {copyLog} from '../src/read/copy-log.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {startServer} from './fixtures/start-servers.ts'
import {openTestFleet, win} from './fixtures/test-fleet.ts'
import {createBox, leaseMs, untilAt} from './fixtures/test-machine.ts'

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
    reason: 'machine-gone',
  })
  expect(next.reported('took-over')).toMatchObject([{sessionId, from: 'dead', epoch: 2, through: 2}])
  expect(existsSync(`${next.home}/restoring/${sessionId}.db`)).toBe(false)
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
  await expect.poll(() => box.reported('session-failed').length).toBe(1)

  // Another fault shows another attempt.
  rmSync(folder)
  mkdirSync(`${folder}/${sessionId}.db`, {recursive: true})
  await expect.poll(() => box.reported('session-failed').length).toBeGreaterThan(1)
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
    .poll(() => next.reported('stranded'))
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
  // The other one, too, may take longer at first.
  const failures = () => next.reported('session-failed').filter(({sessionId}) => stuck.includes(sessionId))
  await expect.poll(() => failures().length).toBe(4)
  expect(failures()[0]!.error).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^The cluster did not send the whole log of session \w+ within 0.3 s/),
  })
  vi.restoreAllMocks()
  for (const id of stuck) await untilAt(fleet, next, id)
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
