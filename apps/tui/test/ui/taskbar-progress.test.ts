import {expect, test} from 'vitest'

import type {ScreenSnapshot} from '../../src/ui/screen-snapshot.ts'
import {knowsProgress, longRunMs, progressOf} from '../../src/ui/taskbar-progress.ts'

const now = 100_000
const live = {kind: 'live'} as const
const session = (running: boolean, approvals: readonly object[] = []) =>
  ({running: running ? {prompt_id: 'a', text: 'make', started_at: now - longRunMs} : null, approvals}) as never
const at = (snapshot: Partial<ScreenSnapshot>, rest: Partial<Parameters<typeof progressOf>[1]> = {}) =>
  progressOf(
    {status: live, session: undefined, hasFailed: false, ...snapshot},
    {before: 'none', hasFocus: undefined, now, ...rest},
  )

test('a command is busy after three seconds, and waits while it reads or the agent asks', () => {
  expect(at({session: session(true)})).toBe('busy')
  expect(at({session: session(true)}, {now: now - 1})).toBe('none')
  expect(at({session: session(true), input: 'line'})).toBe('waiting')
  expect(at({session: session(true, [{}])})).toBe('waiting')
})

test('a failure is shown after a long run, while the user looks elsewhere', () => {
  const failed = {session: session(false), hasFailed: true}
  expect(at(failed, {before: 'busy', hasFocus: false})).toBe('failed')
  expect(at(failed, {before: 'failed', hasFocus: true})).toBe('none')
  expect(at(failed, {before: 'busy', hasFocus: undefined})).toBe('none')
  expect(at(failed, {before: 'none', hasFocus: false})).toBe('none')
  expect(at({session: session(false), hasFailed: false}, {before: 'busy', hasFocus: false})).toBe('none')
})

test('nothing is shown without a session, or of a closed one', () => {
  expect(at({}, {before: 'busy'})).toBe('none')
  expect(at({session: session(true), status: {kind: 'ended'} as never}, {before: 'busy'})).toBe('none')
})

test.each([
  [{WT_SESSION: 'a'}, true],
  [{ConEmuANSI: 'ON'}, true],
  [{ConEmuANSI: 'OFF'}, false],
  [{TERM_PROGRAM: 'ghostty', TERM_PROGRAM_VERSION: '1.2.0'}, true],
  [{TERM_PROGRAM: 'ghostty', TERM_PROGRAM_VERSION: '1.1.3'}, false],
  [{TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.6.6'}, true],
  [{TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.10.0'}, true],
  [{TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.14'}, false],
  [{TERM_PROGRAM: 'iTerm.app'}, false],
  [{TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22'}, false],
  [{TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20250626-080000-abcdef01'}, true],
  [{VTE_VERSION: '7900'}, true],
  [{VTE_VERSION: '6003'}, false],
  [{TERM_PROGRAM: 'Apple_Terminal', TERM_PROGRAM_VERSION: '455'}, false],
  [{TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.90.0'}, false],
  [{WT_SESSION: 'a', TMUX: '/tmp/tmux'}, false],
  [{VTE_VERSION: '8000', STY: '1.pts'}, false],
  [{}, false],
])('%o: %s', (environment, isKnown) => {
  expect(knowsProgress(environment)).toBe(isKnown)
})
