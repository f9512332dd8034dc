import {expect, test} from 'vitest'

import type {HeldSession, Machine} from '../src/machines/choose-machine.ts'
import {beginSightings, goneAt, notice} from '../src/machines/take-over/judge-gone.ts'
import {planMoves, whyNotTo} from '../src/machines/moves/plan-moves.ts'
import {planReconcile} from '../src/machines/reconcile/plan-reconcile.ts'
import {isSweepDue, planSweep} from '../src/machines/take-over/plan-sweep.ts'

const leaseMs = 10_000
const machine = (name: string, labels: string[] = []): Machine => ({name, instance: name, labels, accepts: true})
const session = (sessionId: string, at: string, rest: Partial<HeldSession> = {}): HeldSession => ({
  sessionId,
  machine: at,
  epoch: 1,
  needs: [],
  state: 'open',
  ...rest,
})

test('a machine that leaves while all is calm is gone at once', () => {
  let seen = beginSightings(0)
  for (let now = 1000; now <= 12_000; now += 1000) seen = notice(seen, [], now)
  seen = notice(seen, ['box'], 13_000)
  expect(goneAt(seen, 'box', leaseMs)).toBe(13_000)
  expect(goneAt(seen, 'other', leaseMs)).toBeUndefined()
  expect(goneAt(notice(seen, [], 14_000), 'box', leaseMs)).toBeUndefined()
})

test('after trouble with the cluster, a machine has the time of one lease to come back, however often there is trouble', () => {
  let seen = notice(beginSightings(0), ['box'], 500)
  for (let now = 1000; now <= 9000; now += 1000) {
    seen = notice({...seen, disturbedAt: now - 500}, ['box'], now)
    expect(goneAt(seen, 'box', leaseMs)).toBe(10_500)
  }
})

test('a machine that looks seldom, as it is slow, takes over all the same', () => {
  const seen = notice(beginSightings(0), ['box'], 500)
  expect(goneAt(notice(seen, ['box'], 60_000), 'box', leaseMs)).toBe(10_500)
})

test('a sweep takes, restores and clears away what its machine should', () => {
  const sessions = [
    session('gone', 'dead'),
    session('gone-closed', 'dead', {state: 'closed'}),
    session('not-yet', 'late'),
    session('needy', 'dead', {needs: ['agent:claude']}),
    session('mine', 'me'),
    session('not-read-back', 'me'),
    session('mine-closed', 'me', {state: 'closed'}),
    session('lost', 'other'),
    session('elsewhere', 'other'),
    session('lost-closed', 'other', {state: 'closed'}),
    session('deleted', 'other', {state: 'deleted'}),
  ]
  const plan = planSweep({
    me: 'me',
    sessions,
    machines: [machine('me')],
    logs: new Set(['mine', 'lost', 'lost-closed', 'deleted']),
    isGone: (name) => name === 'dead',
  })
  const ids = Object.entries(plan).map(([what, found]: [string, readonly HeldSession[]]) => [
    what,
    found.map(({sessionId}) => sessionId),
  ])
  expect(Object.fromEntries(ids)).toEqual({
    take: ['gone'],
    stranded: ['needy'],
    restore: ['not-read-back'],
    mine: ['mine'],
    lost: ['lost', 'lost-closed'],
    deleted: ['deleted'],
  })
})

test('all sessions are listed when machines change, when something is left to do, and from time to time', () => {
  const machines = [machine('a'), machine('b')]
  const last = {at: 0, machines, dueAt: Infinity}
  const due = (facts: Partial<typeof last>, now = machines, at = 1000) =>
    isSweepDue({...last, ...facts}, {machines: now, now: at, sweepMs: 30_000})
  expect(isSweepDue(undefined, {machines, now: 0, sweepMs: 30_000})).toBe(true)
  expect(due({})).toBe(false)
  expect(due({}, machines.toReversed())).toBe(false)
  expect(due({}, [machine('a')])).toBe(true)
  expect(due({}, [machine('a'), {...machine('b'), accepts: false}])).toBe(true)
  expect(due({dueAt: 1000})).toBe(true)
  expect(due({}, machines, 30_000)).toBe(true)
})

test('a drained machine moves its idle sessions to machines that can hold them', () => {
  const sessions = [
    session('idle', 'me'),
    session('busy', 'me'),
    session('needy', 'me', {needs: ['agent:codex']}),
    session('closed', 'me', {state: 'closed'}),
    session('elsewhere', 'other'),
  ]
  const facts = {me: 'me', machines: [machine('me', ['agent:codex']), machine('other')], busy: new Set(['busy'])}
  const waits = planMoves(sessions, {...facts, now: false})
  expect(waits.moves).toEqual([{session: sessions[0], to: 'other'}])
  expect([waits.busy, waits.stranded]).toEqual([[sessions[1]], [sessions[2]]])
  const interrupts = planMoves(sessions, {...facts, now: true})
  expect(interrupts.moves.map((move) => move.session.sessionId)).toEqual(['idle', 'busy'])
  expect(interrupts.busy).toEqual([])
})

test('why a session cannot move to a machine', () => {
  const machines = [machine('me'), machine('other'), {...machine('drained'), accepts: false}]
  const one = session('one', 'me', {needs: ['agent:codex']})
  expect(whyNotTo(one, 'me', machines)).toBe('it is on me')
  expect(whyNotTo(one, 'gone', machines)).toBe('gone is not in the fleet now; its machines are: drained, me, other')
  expect(whyNotTo(one, 'drained', machines)).toBe('drained is drained')
  expect(whyNotTo(one, 'other', machines)).toBe('other does not have agent:codex')
  expect(whyNotTo({...one, needs: []}, 'other', machines)).toBeUndefined()
})

test.each([
  [7, undefined, {kind: 'leave'}],
  [7, {machine: 'other', epoch: 2, state: 'open' as const, through: undefined}, {kind: 'wait'}],
  [7, {machine: 'other', epoch: 2, state: 'open' as const, through: 7}, {kind: 'remove'}],
  [6, {machine: 'other', epoch: 2, state: 'open' as const, through: 7}, {kind: 'remove'}],
  [7, {machine: 'other', epoch: 2, state: 'open' as const, through: 4}, {kind: 'set-aside', first: 5, last: 7}],
])('a log with %d events that was taken over by %j', (latestSeq, takeOver, plan) => {
  expect(planReconcile(latestSeq, takeOver)).toEqual(plan)
})
