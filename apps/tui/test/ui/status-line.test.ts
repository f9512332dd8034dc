import {defaultBindings} from '@holdfast/ink-composer'
import type {SessionState, Viewers} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import type {ScreenSnapshot} from '../../src/ui/screen-snapshot.ts'
import {agentStatus} from '../../src/ui/agent-status.ts'
import {whyOutOfReach} from '../../src/ui/session-state.ts'
import {statusLine, tickMs} from '../../src/ui/status-line.ts'
import {idleSession} from '../fixtures/idle-session.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const bare = {title: 'main', agent: 'shell', cwd: '/srv', created_at: 0}
const info = {...bare, shell: '/bin/bash'}
const running = {prompt_id: 'a', text: 'make', started_at: 1000}
const queue = [{prompt_id: 'b', text: 'ls'}]

/** What a screen shows of a session, with all else in order. */
function shown(session: Partial<SessionState> | undefined, changes: Partial<ScreenSnapshot> = {}): ScreenSnapshot {
  return {
    session: session && idleSession({info, ...session}),
    status: {kind: 'live'},
    unsent: [],
    notice: undefined,
    size: {cols: 80, rows: 24},
    paint: plainPaint,
    bindings: defaultBindings,
    ...changes,
  }
}

test('the status line has title, program, folder, state and queue', () => {
  const unsent = [{promptId: 'c', text: 'pwd'}]
  expect(statusLine(shown({}), 0, 80)).toBe('main · bash · /srv · idle')
  expect(statusLine(shown({running, queue}, {unsent}), 13_000, 80)).toBe(
    'main · bash · /srv · ⠋ running 12 s · 2 queued',
  )
  const held = [...queue, {prompt_id: 'd', text: 'make', held: true}]
  expect(statusLine(shown({queue: held, held: {reason: 'failed'}}), 0, 80)).toBe(
    ' HELD  main · bash · /srv · idle · 1 queued · 1 held',
  )
  expect(statusLine(shown({running}, {input: 'terminal'}), 0, 80)).toMatch(/^ WAITING  main/)
  expect(statusLine(shown({running}, {isAttached: true}), 13_000, 80)).toBe(
    'main · bash · /srv · ⠋ running 12 s · attached elsewhere',
  )
  expect(statusLine(shown({}, {status: {kind: 'recovering', attempt: 2, of: 3}}), 0, 80)).toMatch(
    / · ⠋ recovering 2\/3$/,
  )
  for (const [kind, word] of [
    ['gave-up', 'gave up'],
    ['detached', 'detached'],
  ] as const) {
    const line = statusLine(shown({}, {status: {kind, reason: 'exit 1', stderr: []}}), 0, 80)
    expect(line).toBe(` OFFLINE  main · bash · /srv · ${word} · /restart tries again`)
  }
  expect(statusLine(shown(undefined, {status: {kind: 'starting'}}), 200, 80)).toBe('⠹ starting')
  expect(statusLine(shown({}, {branch: 'a\u001b[2Jb'}), 0, 80)).toBe('main · bash · /srv (ab) · idle')
  const approvals = [{approval_id: 'd', prompt_id: 'a', title: 'Delete it?', choices: [{id: 'y', label: 'Yes'}]}]
  expect(statusLine(shown({running, approvals}), 13_000, 80)).toBe(' ALLOW?  main · bash · /srv · waiting for you 12 s')
  const agent = {is_ready: false, unavailable: {reason: 'gave-up' as const}}
  expect(statusLine(shown({agent}), 0, 80)).toMatch(/^ NO AGENT  main/)
})

test.for<[string, SessionState['info'], string]>([
  ['a shell', info, 'bash'],
  ['a program', {...bare, program: ['/usr/bin/vim', 'notes.txt']}, 'vim'],
  ['a coding agent', {...bare, agent: 'claude'}, 'claude'],
])('the status line names %s', ([, session, name]) => {
  expect(statusLine(shown({info: session}), 0, 80)).toBe(`main · ${name} · /srv · idle`)
})

test('the status line changes by itself only while a command runs or a state is transient', () => {
  expect(tickMs(shown({}), 1500)).toBeUndefined()
  expect(tickMs(shown({running}), 1500)).toBe(1000)
  expect(tickMs(shown({running}), 2000)).toBe(100)
  expect(tickMs(shown({running}), running.started_at + 59_999)).toBe(100)
  expect(tickMs(shown({running}, {input: 'line'}), 2000)).toBe(1000)
  expect(tickMs(shown(undefined, {status: {kind: 'starting'}}), 1500)).toBe(100)
  expect(tickMs(shown({running}, {status: {kind: 'recovering', attempt: 1, of: 3}}), 1500)).toBe(100)
  for (const kind of ['gave-up', 'detached'] as const) {
    expect(tickMs(shown({}, {status: {kind, reason: 'exit 1', stderr: []}}), 1500)).toBeUndefined()
  }
})

test('after a minute of a run, the spinner turns once a second', () => {
  const minute = running.started_at + 60_000
  expect(tickMs(shown({running}), minute)).toBe(1000)
  const signs = [0, 999, 1000, 2000].map((ms) => /[⠀-⣿]/.exec(statusLine(shown({running}), minute + ms, 80))?.[0])
  expect(signs).toEqual(['⠙', '⠙', '⠹', '⠸'])
})

test.each([
  [90, 'holdfast · bash · /srv/users/ada/src/holdfast · ⠋ running 12 s · 1 queued'],
  [67, 'holdfast · /srv/users/ada/src/holdfast · ⠋ running 12 s · 1 queued'],
  [60, '/srv/users/ada/src/holdfast · ⠋ running 12 s · 1 queued'],
  [50, '…sers/ada/src/holdfast · ⠋ running 12 s · 1 queued'],
  [39, '…c/holdfast · ⠋ running 12 s · 1 queued'],
  [30, '⠋ running 12 s · 1 queued'],
  [10, '⠋ running 12 s · 1 queued'],
])('in %i columns the state is never cut', (columns, line) => {
  const here = {...info, title: 'holdfast', cwd: '/srv/users/ada/src/holdfast'}
  expect(statusLine(shown({info: here, running, queue}), 13_000, columns)).toBe(line)
})

test.each([
  ['line', 'WAITING'],
  ['key', 'WAITING'],
  ['terminal', 'WAITING'],
  ['hidden', 'PASSWORD'],
] as const)('a program that reads a %s waits for the user, whom a badge tells so', (input, badge) => {
  expect(statusLine(shown({running}, {input}), 13_000, 80)).toBe(` ${badge}  main · bash · /srv · waiting for you 12 s`)
  expect(statusLine(shown({running}, {input}), 13_000, 34)).toBe(` ${badge}  waiting for you 12 s`)
})

test('where nothing can be saved, nothing else matters', () => {
  expect(statusLine(shown({}, {status: {kind: 'not-saved', reason: 'full'}}), 0, 80)).toBe(
    ' NOT SAVED  main · bash · /srv · not saved · output is paused',
  )
})

test('a run of less than a second gets no spinner', () => {
  expect(statusLine(shown({running}), 1999, 80)).toBe('main · bash · /srv · running 0 s')
})

test('a long title is cut before the folder; wide characters take two cells', () => {
  const line = statusLine(shown({info: {...info, title: '汉字'.repeat(20)}}), 0, 40)
  expect(line).toBe(`${'汉字'.repeat(6)}… · /srv · idle`)
})

test('the reason that a session is out of reach is shown with the last stderr lines', () => {
  const why = 'exit 9'
  expect(whyOutOfReach(shown(undefined, {status: {kind: 'gave-up', reason: why, stderr: ['one', 'two']}}))).toBe(
    'No gateway: exit 9\n  one\n  two',
  )
  expect(whyOutOfReach(shown(undefined, {status: {kind: 'detached', reason: why}}))).toBe('exit 9')
  expect(whyOutOfReach(shown(undefined))).toBeUndefined()
})

test('untrusted text in the status line is plain text', () => {
  const evil = {title: 'a\u001b[2Jb\nc', agent: 'x', cwd: '/\u001b]0;mine\u0007d', created_at: 0}
  expect(statusLine(shown({info: evil}), 0, 80)).toBe('ab c · x · /d · idle')
})

test.each([
  [undefined, []],
  [{is_ready: true}, []],
  [{is_ready: true, usage: {used: 12_000, size: 200_000}}, ['6 % of 200k']],
  [{is_ready: true, usage: {used: 1, size: 0}}, []],
  [
    {
      is_ready: true,
      settings: {mode: {current: 'a', choices: [{id: 'a', name: 'Ask\u001b[2J'}]}},
      usage: {used: 5, size: 1_048_576},
    },
    ['Ask', '0 % of 1M'],
  ],
])('an agent with %j has the status %j', (agent, expected) => {
  expect(agentStatus(agent)).toEqual(expected)
})

test('the status line says who else looks, and whose size the terminal has', () => {
  const line = (viewers: Viewers, columns = 100) => statusLine(shown({}, {viewers}), 0, columns)
  const size = {cols: 80, rows: 24}
  const phone = {name: 'phone'}
  expect(line({...size, viewers: []})).toBe('main · bash · /srv · idle')
  expect(line({...size, viewers: [phone]})).toBe('main · bash · /srv · idle · phone also looks')
  expect(line({...size, viewers: [phone, {name: 'web'}]})).toMatch(/ · phone and web also look$/)
  expect(line({...size, viewers: [phone, phone]})).toMatch(/ · 2 others look$/)
  expect(line({...size, viewers: [phone, phone, phone], more: 40})).toMatch(/ · 43 others look$/)
  const small = {cols: 40, rows: 20, viewers: [{...phone, sets_size: true as const}]}
  expect(line(small)).toBe("main · bash · /srv · idle · 40×20, as phone's · phone also looks")
  // On a narrow screen, the size matters more.
  expect(line(small, 50)).toBe("main · bash · /srv · idle · 40×20, as phone's")
  expect(line(small, 30)).toBe('main · bash · /srv · idle')
  // Their screen has the same size.
  expect(line({...size, viewers: [{...phone, sets_size: true}]})).toBe('main · bash · /srv · idle · phone also looks')
  expect(line({...size, viewers: [{name: 'a\u001b[2Jb'.padEnd(64, 'c')}]})).toMatch(/ · abc{17}… also looks$/)
})

test('the status line of a client that may only look says so', () => {
  expect(statusLine(shown({queue}, {isReadOnly: true}), 0, 80)).toBe('main · bash · /srv · idle · read-only · 1 queued')
})
