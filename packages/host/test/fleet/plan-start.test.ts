import {expect, test} from 'vitest'

import {planStart, type StartFacts} from '../../src/fleet/plan-start.ts'

const known = {fleet: 'main', machine: 'box', epoch: 3, promise: 'local', through: 7} as const
const mine = {machine: 'box', epoch: 3, state: 'open'} as const
const plan = (facts: Partial<StartFacts>) =>
  planStart({machine: 'box', fleet: 'main', hasLog: true, holder: undefined, known: undefined, ...facts})

test('a host claims its own session, and one that nobody has', () => {
  expect(plan({holder: mine, known})).toEqual({kind: 'claim', replaces: 3})
  expect(plan({holder: {...mine, state: 'closed'}})).toEqual({kind: 'claim', replaces: 3})
  expect(plan({})).toEqual({kind: 'claim', replaces: 0})
  expect(plan({hasLog: false})).toEqual({kind: 'create'})
  // Its log was lost, and is read back.
  expect(plan({holder: mine, hasLog: false})).toEqual({kind: 'claim', replaces: 3})
})

test('it takes nothing over from another machine, and does not revive what was deleted', () => {
  expect(plan({holder: {...mine, machine: 'other'}, known})).toEqual({kind: 'held', machine: 'other'})
  expect(plan({holder: {...mine, state: 'deleted'}, known})).toEqual({kind: 'deleted'})
})

test('without the cluster, it runs only what this machine held last, in this fleet', () => {
  expect(plan({holder: 'away', known})).toEqual({kind: 'run-without', promise: 'local', through: 7})
  expect(plan({holder: 'away'})).toEqual({kind: 'needs-cluster'})
  expect(plan({holder: 'away', known: {...known, machine: 'other'}})).toEqual({kind: 'needs-cluster'})
  expect(plan({holder: 'away', known: {...known, fleet: 'other'}})).toEqual({kind: 'needs-cluster'})
  expect(plan({holder: 'away', hasLog: false})).toEqual({kind: 'create'})
})
