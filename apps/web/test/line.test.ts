import type {ClientStatus} from '@holdfast/client'
import {expect, test} from 'vitest'

import {describeLine, lineOf} from '../src/gateway/line.ts'

const lost = {by: 'peer', message: 'the connection was lost'} as const
const recovering: ClientStatus = {kind: 'recovering', attempt: 2, of: Infinity, end: lost}

test.each<[ClientStatus, boolean, string]>([
  [{kind: 'starting'}, true, 'Connecting'],
  [{kind: 'live', generation: 1}, true, 'Connected'],
  [recovering, true, 'Reconnecting in 4 s'],
  [recovering, false, 'Offline'],
  [{kind: 'starting'}, false, 'Offline'],
  [{kind: 'live', generation: 1}, false, 'Connected'],
  [{kind: 'gave-up', reason: 'not-startable', attempts: 1, end: lost}, true, 'Not connected'],
])('%j with a network: %j is %s', (status, hasNetwork, text) => {
  expect(describeLine(lineOf({status, hasNetwork, attemptAt: 5000}), 1001)).toBe(text)
})

test('an attempt that is under way has no countdown', () => {
  expect(describeLine(lineOf({status: recovering, hasNetwork: true, attemptAt: 5000}), 5001)).toBe('Reconnecting')
})
