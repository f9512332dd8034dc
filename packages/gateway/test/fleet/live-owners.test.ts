import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createLiveOwners} from '../../src/fleet/live-owners.ts'
import type {SessionHolder} from '../../src/fleet/plan-route.ts'
import {summaryOf} from '../fixtures/session-summary.ts'

const summary = (state: SessionSummary['state'], machine?: string) => summaryOf('s', {state, machine})
const changed = (state: SessionSummary['state']) =>
  ({type: 'session.changed', session_id: 's', payload: summary(state)}) as const
const heldBy = (machine: string, state: SessionHolder['state'] = 'open'): SessionHolder => ({machine, state, needs: []})
const deleted = {type: 'session.deleted', session_id: 's'} as const

test('what a machine says of a session that another one runs counts only if the cluster says that it has the session', () => {
  const owners = createLiveOwners()
  owners.set([summary('idle', 'a')])
  expect(owners.judge('b', deleted)).toBe('drop')
  expect(owners.judge('a', changed('stopped'))).toBe('tell')
  expect(owners.judge('b', changed('stopped'))).toBe('ask')
  expect(owners.decide('b', changed('stopped'), heldBy('b'))).toBe('tell')
  for (const holder of [heldBy('a'), undefined, 'unknown'] as const)
    expect(owners.decide('b', changed('stopped'), holder)).toBe('drop')
})

test('of a session that runs nowhere, the cluster decides which machine counts', () => {
  const owners = createLiveOwners()
  owners.set([summary('stopped', 'a')])
  // Its lease there comes before its log.
  expect(owners.judge('b', deleted)).toBe('drop')
  expect(owners.judge('b', changed('stopped'))).toBe('ask')
  owners.told('b', changed('stopped'))
  expect(owners.judge('b', changed('stopped'))).toBe('tell')
  expect(owners.judge('a', changed('stopped'))).toBe('ask')
  expect(owners.judge('a', deleted)).toBe('drop')
  // The client may have been told of a copy.
  expect(owners.judge('b', deleted)).toBe('ask')
})

test('of a session that the client was not told of, the cluster decides, too', () => {
  const owners = createLiveOwners()
  owners.set(Array.from({length: 10_001}, (_, index) => ({...summary('stopped', 'a'), id: `s${index}`})))
  expect(owners.judge('b', {type: 'session.deleted', session_id: 's1'})).toBe('drop')
  // The client was told of 10,000 others since.
  expect(owners.judge('b', {type: 'session.deleted', session_id: 's0'})).toBe('ask')
  owners.told('a', deleted)
  expect(owners.judge('a', changed('stopped'))).toBe('ask')
})

test('a session that runs on another machine has moved there', () => {
  const owners = createLiveOwners()
  owners.set([summary('running', 'a')])
  expect(owners.judge('b', changed('idle'))).toBe('tell')
  owners.told('b', changed('idle'))
  expect(owners.judge('a', deleted)).toBe('drop')
  expect(owners.judge('b', changed('closed'))).toBe('tell')
})

test('of a session that runs nowhere, the machine that holds it counts; where none does, or the cluster does not answer, each', () => {
  const owners = createLiveOwners()
  owners.set([summary('stopped', 'a')])
  expect(owners.decide('a', deleted, heldBy('a'))).toBe('tell')
  expect(owners.decide('a', deleted, heldBy('b'))).toBe('drop')
  expect(owners.decide('b', changed('stopped'), heldBy('b', 'closed'))).toBe('tell')
  expect(owners.decide('b', changed('stopped'), heldBy('a', 'closed'))).toBe('drop')
  expect(owners.decide('a', deleted, undefined)).toBe('tell')
  expect(owners.decide('b', changed('stopped'), 'unknown')).toBe('tell')
})

test('an old log of a session that was deleted does not bring it back', () => {
  const owners = createLiveOwners()
  expect(owners.decide('a', changed('stopped'), heldBy('b', 'deleted'))).toBe('drop')
  expect(owners.decide('a', deleted, heldBy('b', 'deleted'))).toBe('tell')
})

test('a machine that does not answer runs nothing that counts against another one', () => {
  const owners = createLiveOwners()
  const silent = {...changed('idle'), payload: {...summary('idle'), machine_silent: true}}
  owners.told('a', silent)
  expect(owners.decide('b', changed('stopped'), 'unknown')).toBe('tell')
  owners.told('b', changed('idle'))
  expect(owners.decide('a', silent, heldBy('b'))).toBe('drop')
})

test('a session of a silent machine is listed as silent until the client receives a newer state of it', () => {
  const owners = createLiveOwners()
  const silent = (id: string) => ({...summary('stopped', 'a'), id, machine_silent: true})
  owners.set([silent('1'), silent('2'), {...summary('stopped', 'a'), id: '3'}])
  owners.told('a', {type: 'session.changed', session_id: '3', payload: silent('3')})
  expect(owners.silent()).toEqual([silent('1'), silent('2'), silent('3')])
  owners.told('a', {type: 'session.deleted', session_id: '1'})
  owners.told('b', {type: 'session.changed', session_id: '2', payload: {...summary('idle', 'b'), id: '2'}})
  expect(owners.silent()).toEqual([silent('3')])
})
