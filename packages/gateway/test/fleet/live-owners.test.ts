import type {SessionSummary} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createLiveOwners} from '../../src/fleet/live-owners.ts'

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
  expect(owners.take('b', changed('stopped'))).toBe(false)
  expect(owners.take('b', deleted)).toBe(false)
  expect(owners.take('a', changed('stopped'))).toBe(true)
  expect(owners.take('a', deleted)).toBe(true)
})

test('a session that moves, and runs on neither machine, is not deleted', () => {
  const owners = createLiveOwners()
  owners.set([summary('stopped', 'a')])
  // Its lease there comes before its log.
  expect(owners.take('b', deleted)).toBe(false)
  expect(owners.take('b', changed('stopped'))).toBe(true)
  expect(owners.take('a', deleted)).toBe(false)
  expect(owners.take('b', deleted)).toBe(true)
})

test('of a session that the client was not told of, each machine counts', () => {
  const owners = createLiveOwners()
  owners.set(Array.from({length: 10_001}, (_, index) => ({...summary('stopped', 'a'), id: `s${index}`})))
  expect(owners.take('b', {type: 'session.deleted', session_id: 's1'})).toBe(false)
  // The client was told of 10,000 others since.
  expect(owners.take('b', {type: 'session.deleted', session_id: 's0'})).toBe(true)
})

test('a session that runs on another machine has moved there', () => {
  const owners = createLiveOwners()
  owners.set([summary('running', 'a')])
  expect(owners.take('b', changed('idle'))).toBe(true)
  expect(owners.take('a', deleted)).toBe(false)
  expect(owners.take('b', changed('closed'))).toBe(true)
})
