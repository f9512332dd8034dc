import {PeerGoneError} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {describeLoss, sessionStatus} from '../src/session-status.ts'

const live = {kind: 'live', generation: 1} as const
const end = {by: 'peer', message: 'its process exited with code 1', stderr: ['one', 'no such home']} as const
const recovering = {kind: 'recovering', attempt: 2, of: 3, end} as const
const gaveUp = {kind: 'gave-up', reason: 'budget', attempts: 3, end} as const
const closed = {kind: 'closed', reason: 'the client was closed'} as const
const fine = {ended: undefined, unavailable: undefined, unresponsive: undefined, notSaved: undefined}
const away = {...fine, unavailable: 'no host'}
const over = {...away, ended: 'user'}

test('an ended session hides the status of the connection', () => {
  for (const connection of [live, recovering, gaveUp, closed, {kind: 'starting'} as const]) {
    expect(sessionStatus(connection, over)).toEqual({kind: 'ended', reason: 'user'})
  }
  expect(sessionStatus(closed, away)).toEqual({kind: 'ended', reason: 'the client was closed'})
})

test('a missing gateway hides a missing host', () => {
  expect(sessionStatus(gaveUp, away)).toEqual({
    kind: 'gave-up',
    reason: 'its process exited with code 1',
    stderr: ['one', 'no such home'],
  })
  expect(sessionStatus(recovering, away)).toEqual({kind: 'recovering', attempt: 2, of: 3})
  expect(sessionStatus({kind: 'starting'}, away)).toEqual({kind: 'starting'})
  expect(sessionStatus(live, away)).toEqual({kind: 'detached', reason: 'no host'})
})

test('a session is live when there is no problem', () => {
  expect(sessionStatus(live, fine)).toEqual({kind: 'live'})
  const full = {...fine, notSaved: 'no room'}
  expect(sessionStatus(live, full)).toEqual({kind: 'not-saved', reason: 'no room'})
  expect(sessionStatus(live, {...full, unresponsive: 'stopped'})).toEqual({kind: 'unresponsive', reason: 'stopped'})
  expect(sessionStatus(live, {...full, unresponsive: 'stopped', unavailable: 'no host'})).toEqual({
    kind: 'detached',
    reason: 'no host',
  })
})

test('describeLoss adds the last line of stderr, also of a gateway that exits before its greeting', () => {
  expect(describeLoss({end})).toBe('its process exited with code 1: no such home')
  const error = new PeerGoneError(end)
  expect(describeLoss({end: undefined, error})).toBe('its process exited with code 1: no such home')
  expect(describeLoss({end: undefined, error: new Error('Not ready after 15000 ms')})).toBe('Not ready after 15000 ms')
})
