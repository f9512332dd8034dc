import type {Machine} from '@holdfast/fleet'
import {expect, test} from 'vitest'

import {needsOf, placeSession} from '../../src/fleet/place-session.ts'
import {planRoute, type Route, type RouteFacts} from '../../src/fleet/plan-route.ts'
import {planWait} from '../../src/fleet/plan-wait.ts'

const machine = (name: string, facts: Partial<Machine> = {}): Machine => ({
  name,
  instance: '1',
  labels: [],
  accepts: true,
  ...facts,
})
const held = (name: string, state: 'open' | 'closed' | 'deleted' = 'open', needs: string[] = []) => ({
  machine: name,
  state,
  needs,
})

const routes: [string, RouteFacts, Route][] = [
  ['held by this machine: here', {me: 'a', holder: held('a'), hasLog: true}, {kind: 'here', holder: held('a')}],
  [
    'held by another one, with a log from before here: there',
    {me: 'a', holder: held('b'), hasLog: true},
    {kind: 'elsewhere', holder: held('b')},
  ],
  [
    'closed on another one: its log is there',
    {me: undefined, holder: held('b', 'closed'), hasLog: false},
    {kind: 'elsewhere', holder: held('b', 'closed')},
  ],
  ['claimed by nobody: here', {me: 'a', holder: undefined, hasLog: true}, {kind: 'here', holder: undefined}],
  ['deleted, whoever had it', {me: 'a', holder: held('a', 'deleted'), hasLog: true}, {kind: 'deleted'}],
  [
    'the cluster is away, with a log: its host decides',
    {me: 'a', holder: 'unknown', hasLog: true},
    {kind: 'here', holder: 'unknown'},
  ],
  ['the cluster is away, without a log', {me: 'a', holder: 'unknown', hasLog: false}, {kind: 'unknown'}],
]
test.each(routes)('a session %s', (_which, facts, route) => {
  expect(planRoute(facts)).toEqual(route)
})

test('a new session is created on this machine if it may hold it', () => {
  const agent = {labels: ['agent:claude']}
  const place = (me: string | undefined, machines: Machine[], needs = needsOf({})) =>
    placeSession({sessionId: 's', needs, me, machines})
  expect(place('a', [machine('a'), machine('b')])).toEqual({kind: 'here'})
  expect(place('a', [machine('a', {accepts: false}), machine('b')])).toEqual({kind: 'machine', machine: 'b'})
  expect(place('a', [machine('a'), machine('b', agent)], needsOf({agent: 'claude'}))).toEqual({
    kind: 'machine',
    machine: 'b',
  })
  // Others would take its sessions over at once.
  expect(place('a', [machine('b')])).toEqual({kind: 'machine', machine: 'b'})
  expect(place(undefined, [machine('b')])).toEqual({kind: 'machine', machine: 'b'})
  expect(place('a', [machine('a')], needsOf({agent: 'claude'}))).toEqual({
    kind: 'none',
    message: 'No machine of the fleet takes this session: it needs one with agent:claude',
  })
  expect(place(undefined, [])).toMatchObject({message: expect.stringMatching(/^The fleet has no machine now/)})
})

test('a session whose machine is away is waited for until another one can have taken it over', () => {
  const facts = {sessionId: 's', holder: held('box'), machines: [machine('b')], leaseMs: 10_000, isHeard: true}
  expect(planWait({...facts, waitedMs: 0})).toEqual({
    kind: 'wait',
    message: 'Machine box is not reachable; its sessions move to another one within 35 s',
  })
  expect(planWait({...facts, waitedMs: 34_500})).toEqual(planWait({...facts, waitedMs: 0}))
  expect(planWait({...facts, waitedMs: 35_000})).toEqual({
    kind: 'give-up',
    message: 'Machine box is not reachable, and no other machine has taken session s yet',
  })
  // Who is told nothing meanwhile has given up by then.
  expect(planWait({...facts, isHeard: false, waitedMs: 25_000})).toMatchObject({kind: 'give-up'})
})

test('a session that no other machine can hold is not said to move, and only who reads that waits for its machine', () => {
  const facts = {
    sessionId: 's',
    holder: held('box', 'open', ['agent:claude']),
    machines: [machine('b')],
    leaseMs: 10_000,
    isHeard: true,
  }
  expect(planWait({...facts, waitedMs: 0})).toEqual({
    kind: 'wait',
    message: 'Machine box is not reachable, and no other machine can take session s (it needs one with agent:claude)',
  })
  expect(planWait({...facts, waitedMs: 35_000})).toMatchObject({kind: 'give-up'})
  expect(planWait({...facts, waitedMs: 0, isHeard: false})).toMatchObject({kind: 'give-up'})
})

test('a machine that has a lease and does not answer is named', () => {
  const facts = {sessionId: 's', holder: held('box'), machines: [machine('box')], leaseMs: 10_000, isHeard: true}
  expect(planWait({...facts, waitedMs: 0})).toEqual({
    kind: 'wait',
    message: 'Machine box, which has session s, does not answer',
  })
  expect(planWait({...facts, waitedMs: 40_000})).toMatchObject({kind: 'give-up'})
})

test('a session that comes to this machine is waited for', () => {
  const facts = {sessionId: 's', holder: held('a'), me: 'a', machines: [machine('a')], leaseMs: 10_000, isHeard: true}
  expect(planWait({...facts, waitedMs: 0})).toEqual({kind: 'wait', message: 'Session s comes to this machine'})
  expect(planWait({...facts, waitedMs: 35_000})).toEqual({
    kind: 'give-up',
    message: 'Session s was claimed by this machine, which has not read its log back',
  })
})
