import {mkdirSync, watch} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {createSessionId} from '@holdfast/protocol'
import {expect, onTestFinished, test, vi} from 'vitest'

import {readHolder} from '../src/claim/current-claim.ts'
import {sendOrder} from '../src/machines/moves/orders.ts'
import {listUnshipped} from '../src/machines/reconcile/unshipped-logs.ts'
import {startServer} from './fixtures/start-servers.ts'
import {appendOutput, openTestFleet, win} from './fixtures/test-fleet.ts'
import {createBox, noteClaim, untilAt} from './fixtures/test-machine.ts'

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
  await expect.poll(() => asked.length).toBeGreaterThan(2)
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
    message: `session ${sessionId} cannot move to nowhere: nowhere is not in the fleet now; its machines are: next, old`,
  })
  old.busy.add(sessionId)
  expect(await move('next')).toEqual({kind: 'busy'})
  expect(await move('next', true)).toEqual({kind: 'moved'})
  expect(await readHolder(fleet, sessionId)).toMatchObject({machine: 'next'})
  expect(await move('next')).toEqual({kind: 'moved'})
  expect([old.hasLog(sessionId), next.hasLog(sessionId)]).toEqual([false, true])
})

test('a move writes the lock file of a session after its log, so that a watch of the home finds the log', async () => {
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

test('that a machine does not answer an order is said once', async () => {
  const fleet = await openTestFleet([await startServer()])
  await expect(sendOrder(fleet, 'nobody', {kind: 'status'})).rejects.toMatchObject({
    code: 'unreachable',
    message: 'Machine nobody does not answer',
  })
})
