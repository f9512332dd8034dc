import {PeerGoneError} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {deathOf, sessionStatus} from '../src/session-status.ts'

const live = {kind: 'live', generation: 1} as const
const end = {by: 'peer', message: 'its process ended with code 1', stderr: ['one', 'no such home']} as const
const recovering = {kind: 'recovering', attempt: 2, of: 3, end} as const
const gaveUp = {kind: 'gave-up', reason: 'budget', attempts: 3, end} as const
const closed = {kind: 'closed', reason: 'the client was closed'} as const
const fine = {ended: undefined, unavailable: undefined, silent: undefined, notSaved: undefined}
const away = {...fine, unavailable: 'no host'}
const over = {...away, ended: 'user'}

test('an end covers whatever the line is', () => {
  for (const line of [live, recovering, gaveUp, closed, {kind: 'starting'} as const]) {
    expect(sessionStatus(line, over)).toEqual({kind: 'ended', why: 'user'})
  }
  expect(sessionStatus(closed, away)).toEqual({kind: 'ended', why: 'the client was closed'})
})

test('a gateway that is not there covers a host that is not there', () => {
  expect(sessionStatus(gaveUp, away)).toEqual({
    kind: 'gave-up',
    why: 'its process ended with code 1',
    said: ['one', 'no such home'],
  })
  expect(sessionStatus(recovering, away)).toEqual({kind: 'recovering', attempt: 2, of: 3})
  expect(sessionStatus({kind: 'starting'}, away)).toEqual({kind: 'starting'})
  expect(sessionStatus(live, away)).toEqual({kind: 'detached', why: 'no host'})
})

test('a session is live only when nothing is known against it', () => {
  expect(sessionStatus(live, fine)).toEqual({kind: 'live'})
  const full = {...fine, notSaved: 'no room'}
  expect(sessionStatus(live, full)).toEqual({kind: 'not-saved', why: 'no room'})
  expect(sessionStatus(live, {...full, silent: 'stopped'})).toEqual({kind: 'silent', why: 'stopped'})
  expect(sessionStatus(live, {...full, silent: 'stopped', unavailable: 'no host'})).toEqual({
    kind: 'detached',
    why: 'no host',
  })
})

test('a death is told with what the process said last, also when it died before it greeted', () => {
  expect(deathOf({end})).toBe('its process ended with code 1: no such home')
  const error = new PeerGoneError(end)
  expect(deathOf({end: undefined, error})).toBe('its process ended with code 1: no such home')
  expect(deathOf({end: undefined, error: new Error('Expected to be ready within 15000 ms')})).toBe(
    'Expected to be ready within 15000 ms',
  )
})
