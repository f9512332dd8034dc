import {expect, test} from 'vitest'

import {describeEnd, describeStatus} from '../src/describe-end.ts'
import {formatAge, formatBytes, formatDuration} from '../src/format.ts'
import {shortFolder, statusLine, tickMs, whyOutOfReach} from '../src/screen/status-line.ts'

test.each([
  [0, '0.0 s'],
  [340, '0.3 s'],
  [59_900, '59.9 s'],
  [64_000, '1 min 04 s'],
  [7_500_000, '2 h 05 min'],
])('%d ms took %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})

test.each([
  [0, 'now'],
  [59_999, 'now'],
  [300_000, '5 min ago'],
  [10_800_000, '3 h ago'],
  [172_800_000, '2 d ago'],
])('%d ms back was %s', (ms, words) => {
  expect(formatAge(ms)).toBe(words)
})

test.each([
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1536, '1.5 KiB'],
  [64 * 1024 * 1024, '64.0 MiB'],
  [3e15, '2728.5 TiB'],
])('%d is %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words)
})

const prompt_id = 'a'
const duration_ms = 300

test.each([
  [{status: 'complete', exit_code: 0}, '✓ 0.3 s'],
  [{status: 'complete', exit_code: 3}, '✗ exit 3 · 0.3 s'],
  [{status: 'interrupted', reason: 'user', exit_code: 130}, '■ interrupted · exit 130 · 0.3 s'],
  [
    {status: 'interrupted', reason: 'host-died', duration_ms: undefined},
    '■ interrupted: the process that held its shell died',
  ],
  [{status: 'failed', reason: 'incomplete-input'}, '✗ failed: a quote, a bracket or a heredoc was left open · 0.3 s'],
  [{status: 'failed', reason: 'shell-killed', signal: 'SIGKILL'}, '✗ failed: the shell was killed · SIGKILL · 0.3 s'],
  [{status: 'failed', reason: 'something new'}, '✗ failed: something new · 0.3 s'],
] as const)('%o reads %s', (end, words) => {
  expect(describeEnd({prompt_id, duration_ms, ...end})).toBe(words)
})

test('how a prompt came not to complete is said in words of ours, or in those of others as plain text', () => {
  expect(describeStatus({prompt_id, status: 'interrupted', reason: 'host-died', exit_code: 1})).toBe(
    'interrupted: the process that held its shell died',
  )
  const evil = 'new\n\u001b]0;mine\u0007s'
  expect(describeStatus({prompt_id, status: 'failed', reason: evil})).toBe('failed: new s')
  expect(describeEnd({prompt_id, status: 'failed', signal: evil})).toBe('✗ failed · new s')
})

test('a folder below the home is shown from there', () => {
  expect(shortFolder('/home/ada', '/home/ada')).toBe('~')
  expect(shortFolder('/home/ada/src', '/home/ada')).toBe('~/src')
  expect(shortFolder('/home/adalbert', '/home/ada')).toBe('/home/adalbert')
})

test('the status line says where we are, what happens, and what waits', () => {
  const info = {title: 'main', agent: 'shell', shell: '/bin/bash', cwd: '/srv', created_at: 0}
  const session = {
    session_id: 'x',
    info,
    updated_at: 0,
    running: null,
    queue: [],
    draft: '',
    approvals: [],
    closed: null,
  }
  const snapshot = {session, status: {kind: 'live'}, unsent: [], notice: undefined, size: {cols: 80, rows: 24}} as const
  expect(statusLine(snapshot, 0, 80)).toBe('main · bash · /srv · idle')
  const running = {prompt_id, text: 'make', started_at: 1000}
  const queue = [{prompt_id: 'b', text: 'ls'}]
  const unsent = [{promptId: 'c', text: 'pwd'}]
  expect(statusLine({...snapshot, session: {...session, running, queue}, unsent}, 13_000, 80)).toBe(
    'main · bash · /srv · running 12 s · 2 queued',
  )
  expect(statusLine({...snapshot, session: {...session, running}, isAttached: true}, 13_000, 80)).toBe(
    'main · bash · /srv · running 12 s · attached elsewhere',
  )
  expect(statusLine({...snapshot, status: {kind: 'recovering', attempt: 2, of: 3}}, 0, 80)).toMatch(
    / · ⠋ recovering 2\/3$/,
  )
  for (const [kind, word] of [
    ['gave-up', 'gave up'],
    ['detached', 'detached'],
  ] as const) {
    const line = statusLine({...snapshot, status: {kind, why: 'exit 1', said: []}}, 0, 80)
    expect(line).toBe(`main · bash · /srv · ${word} · /restart tries again`)
  }
  expect(statusLine({...snapshot, session: undefined, status: {kind: 'starting'}}, 200, 80)).toBe('⠹ starting')
  expect(statusLine({...snapshot, branch: 'a\u001b[2Jb'}, 0, 80)).toBe('main · bash · /srv (ab) · idle')
  const approval = {approval_id: 'd', prompt_id, title: 'Delete it?', choices: [{id: 'y', label: 'Yes'}]}
  expect(statusLine({...snapshot, session: {...session, running, approvals: [approval]}}, 13_000, 80)).toBe(
    'main · bash · /srv · waiting for you 12 s',
  )
})

test('the status line changes by itself only while something runs or is awaited', () => {
  const session = {...idle, running: {prompt_id, text: 'make', started_at: 1000}}
  const rest = {unsent: [], notice: undefined, size: {cols: 80, rows: 24}}
  expect(tickMs({...rest, session: idle, status: {kind: 'live'}})).toBeUndefined()
  expect(tickMs({...rest, session, status: {kind: 'live'}})).toBe(1000)
  expect(tickMs({...rest, session: undefined, status: {kind: 'starting'}})).toBe(100)
  expect(tickMs({...rest, session, status: {kind: 'recovering', attempt: 1, of: 3}})).toBe(100)
  for (const kind of ['gave-up', 'detached'] as const) {
    expect(tickMs({...rest, session: idle, status: {kind, why: 'exit 1', said: []}})).toBeUndefined()
  }
})

const idle = {
  session_id: 'x',
  info: {title: 'main', agent: 'shell', shell: '/bin/bash', cwd: '/srv', created_at: 0},
  updated_at: 0,
  running: null,
  queue: [],
  draft: '',
  approvals: [],
  closed: null,
}

const here = {title: 'holdfast', agent: 'shell', shell: '/bin/bash', cwd: '/srv/users/ada/src/holdfast', created_at: 0}

test.each([
  [80, 'holdfast · bash · /srv/users/ada/src/holdfast · running 12 s · 1 queued'],
  [71, 'holdfast · bash · /srv/users/ada/src/holdfast · running 12 s · 1 queued'],
  [70, 'holdfast · /srv/users/ada/src/holdfast · running 12 s · 1 queued'],
  [63, '/srv/users/ada/src/holdfast · running 12 s · 1 queued'],
  [52, '…rv/users/ada/src/holdfast · running 12 s · 1 queued'],
  [40, '…/src/holdfast · running 12 s · 1 queued'],
  [30, 'running 12 s · 1 queued'],
  [10, 'running 12 s · 1 queued'],
])('in %i columns the state is whole, whatever else has to go', (columns, line) => {
  const running = {prompt_id, text: 'make', started_at: 1000}
  const queue = [{prompt_id: 'b', text: 'ls'}]
  const session = {session_id: 'x', info: here, updated_at: 0, running, queue, draft: '', approvals: [], closed: null}
  const snapshot = {session, status: {kind: 'live'}, unsent: [], notice: undefined, size: {cols: 80, rows: 24}} as const
  expect(statusLine(snapshot, 13_000, columns)).toBe(line)
})

test('a long title is cut before the folder is, and wide characters count as two', () => {
  const info = {...here, title: '汉字'.repeat(20), cwd: '/srv'}
  const session = {
    session_id: 'x',
    info,
    updated_at: 0,
    running: null,
    queue: [],
    draft: '',
    approvals: [],
    closed: null,
  }
  const snapshot = {session, status: {kind: 'live'}, unsent: [], notice: undefined, size: {cols: 80, rows: 24}} as const
  expect(statusLine(snapshot, 0, 40)).toBe(`${'汉字'.repeat(6)}… · /srv · idle`)
})

test('why a session cannot be reached is told for as long as it is so, with the last words of what died', () => {
  const snapshot = {session: undefined, unsent: [], notice: undefined, size: {cols: 80, rows: 24}} as const
  const why = 'exit 9'
  expect(whyOutOfReach({...snapshot, status: {kind: 'gave-up', why, said: ['one', 'two']}})).toBe(
    'No gateway: exit 9\n  one\n  two',
  )
  expect(whyOutOfReach({...snapshot, status: {kind: 'detached', why}})).toBe('exit 9')
  expect(whyOutOfReach({...snapshot, status: {kind: 'live'}})).toBeUndefined()
})

test('what others say in the status line is plain text', () => {
  const info = {title: 'a\u001b[2Jb\nc', agent: 'x', cwd: '/\u001b]0;mine\u0007d', created_at: 0}
  const session = {
    session_id: 'x',
    info,
    updated_at: 0,
    running: null,
    queue: [],
    draft: '',
    approvals: [],
    closed: null,
  }
  expect(
    statusLine({session, status: {kind: 'live'}, unsent: [], notice: undefined, size: {cols: 80, rows: 24}}, 0, 80),
  ).toBe('ab c · x · /d · idle')
})
