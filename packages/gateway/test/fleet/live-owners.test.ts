import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {countsAtRest, createLiveOwners} from '../../src/fleet/live-owners.ts'

const summary = (state: SessionSummary['state'], machine?: string): SessionSummary => ({
  id: 's',
  title: 's',
  agent: 'shell',
  cwd: '/',
  state,
  created_at: 1,
  updated_at: 1,
  machine,
})
const changed = (state: SessionSummary['state']) =>
  ({type: 'session.changed', session_id: 's', payload: summary(state)}) as const
const deleted = {type: 'session.deleted', session_id: 's'} as const

test('what a machine says of a session that another one runs does not count', () => {
  const owners = createLiveOwners()
  owners.set([summary('idle', 'a')])
  expect(owners.judge('b', changed('stopped'))).toBe('drop')
  expect(owners.judge('b', deleted)).toBe('drop')
  expect(owners.judge('a', changed('stopped'))).toBe('tell')
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

test('the machine that holds a session counts, and where nobody does, or the cluster does not answer, each one', () => {
  const holder = {machine: 'a', state: 'open', needs: []} as const
  expect(countsAtRest('a', deleted, holder)).toBe(true)
  expect(countsAtRest('b', deleted, holder)).toBe(false)
  expect(countsAtRest('b', changed('stopped'), {...holder, state: 'closed'})).toBe(false)
  expect(countsAtRest('b', deleted, undefined)).toBe(true)
  expect(countsAtRest('b', changed('stopped'), 'unknown')).toBe(true)
})

test('an old log of a session that was deleted does not bring it back', () => {
  const holder = {machine: 'b', state: 'deleted', needs: []} as const
  expect(countsAtRest('a', changed('stopped'), holder)).toBe(false)
  expect(countsAtRest('a', deleted, holder)).toBe(true)
})
