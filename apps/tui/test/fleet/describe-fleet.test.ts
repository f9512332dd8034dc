import {FleetError, type HeldSession} from '@holdfast/fleet'
import {expect, test} from 'vitest'

import {describeStatus} from '../../src/cli/commands/fleet/describe-status.ts'
import {describeProgress} from '../../src/cli/commands/fleet/drain.ts'
import {describeReport} from '../../src/fleet/record-report.ts'

const session = (sessionId: string, machine: string, needs: string[] = []): HeldSession => ({
  sessionId,
  machine,
  epoch: 1,
  needs,
  state: 'open',
})

const status = {
  fleet: {name: 'main', promise: 'local', shards: 1},
  machines: [
    {name: 'a', instance: '1', labels: ['agent:claude'], accepts: true},
    {name: 'b', instance: '1', labels: [], accepts: false},
    {name: 'c', instance: '1', labels: [], accepts: true},
  ],
  answers: new Map([
    ['a', {kind: 'status' as const, unshipped: [{sessionId: 'k2', first: 5, last: 7}], failed: []}],
    ['b', {kind: 'status' as const, unshipped: [], failed: [{sessionId: 'k3', message: 'no room'}]}],
    ['c', undefined],
  ]),
  open: [session('k1', 'a'), session('k2', 'gone', ['agent:codex'])],
  stranded: [session('k2', 'gone', ['agent:codex'])],
  leaseMs: 10_000,
} as const

test('fleet status shows machines, and what waits for somebody', () => {
  const {lines, result} = describeStatus(status)
  expect(lines?.map((line) => line.trimEnd())).toEqual([
    'Fleet main: 3 machines, 2 open sessions, promise local, 1 stream, lease 10 s',
    'MACHINE  STATE    SESSIONS  LABELS',
    'a        ready    1         agent:claude',
    'b        drained  0',
    'c        silent   0',
    'gone     gone     1',
    'Session k2 of gone waits: no machine has agent:codex',
    'a has events of session k2 that were not sent: 5 to 7',
    'b tries again with session k3: no room',
  ])
  expect(result).toMatchObject({
    fleet: 'main',
    sessions: 2,
    machines: [{name: 'a', state: 'ready', sessions: 1}, {name: 'b'}, {name: 'c', unshipped: null}],
    gone: [{name: 'gone', sessions: 1}],
    stranded: [{session_id: 'k2', machine: 'gone', needs: ['agent:codex']}],
  })
})

test.each([
  [{left: 0, busy: [], stranded: []}, 'All sessions of b have moved: it can be stopped'],
  [{left: 1, busy: [], stranded: []}, '1 session left'],
  [
    {left: 3, busy: ['k1', 'k2'], stranded: [{sessionId: 'k3', needs: []}]},
    '3 sessions left; waiting for the running prompts of k1, k2; no other machine can hold k3',
  ],
])('the progress %j', (progress, line) => {
  expect(describeProgress('b', {kind: 'draining', ...progress})).toBe(line)
})

test('events that were not sent are named', () => {
  const report = {kind: 'set-aside', sessionId: 'k1', machine: 'b', first: 4, last: 4, file: '/x'} as const
  expect(describeReport(report)).toBe(
    'machine b has taken session k1 over; event 4 of it had not been sent: `holdfast fleet unshipped k1` shows them',
  )
  expect(describeReport({...report, last: 6})).toContain('events 4 to 6 of it had not been sent')
})

test('a session that needs nothing, and that no machine takes, is said to have no room', () => {
  const report = {kind: 'stranded', sessionId: 'k1', machine: 'b', needs: [], isEmpty: false} as const
  expect(describeReport(report)).toBe('session k1 waits for machine b: no machine has room for it')
})

test('that the cluster does not answer is said once', () => {
  const error = new FleetError('unreachable', 'The cluster does not answer: connection refused')
  expect(describeReport({kind: 'cluster-away', error})).toBe('The cluster does not answer: connection refused')
})
