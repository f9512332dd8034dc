import {constants} from 'node:os'

import {expect, test} from 'vitest'
import {describeEnd, describeExit, describeShellExited, describeStatus, exitCodeOf, outcomeSign} from '../src/index.ts'

const prompt_id = 'a'
const duration_ms = 300

test.each([
  [{status: 'complete', exit_code: 0}, '✓ 0.3 s'],
  [{status: 'complete', exit_code: 0, duration_ms: 40}, '✓'],
  [{status: 'complete', exit_code: 0, cwd: '/usr'}, '✓ 0.3 s · → /usr'],
  [{status: 'complete', exit_code: 3, duration_ms: 99, cwd: '/a\u001b[31mb'}, '✗ exit 3 · → /ab'],
  [{status: 'complete', exit_code: 3}, '✗ exit 3 · 0.3 s'],
  [{status: 'complete', exit_code: 127}, '✗ exit 127: command not found · 0.3 s'],
  [{status: 'complete', exit_code: 130}, '✗ exit 130: interrupted · 0.3 s'],
  [{status: 'complete', exit_code: 128 + constants.signals.SIGTSTP}, '■ stopped · fg continues it · 0.3 s'],
  [{status: 'interrupted', reason: 'user', exit_code: 130}, '■ interrupted · exit 130 · 0.3 s'],
  [
    {status: 'interrupted', reason: 'user', exit_code: 130, lines_entered: 60, lines_total: 100},
    '■ interrupted · 60 of 100 lines · exit 130 · 0.3 s',
  ],
  [{status: 'complete', exit_code: 2, lines_entered: 1, lines_total: 3}, '✗ 1 of 3 lines · exit 2 · 0.3 s'],
  [
    {status: 'interrupted', reason: 'user', exit_code: 130, lines_total: 3},
    '■ interrupted · perhaps not all 3 lines · exit 130 · 0.3 s',
  ],
  [{status: 'interrupted', reason: 'host-died', duration_ms: undefined}, '■ interrupted: the host process died'],
  [{status: 'interrupted', reason: 'machine-gone', duration_ms: undefined}, '■ interrupted: its machine is gone'],
  [
    {status: 'failed', reason: 'folder-gone', duration_ms: undefined},
    '✗ failed: the folder is gone, so nothing ran; the next command runs in the home folder',
  ],
  [
    {status: 'failed', reason: 'incomplete-input'},
    '✗ failed: the command is incomplete: a quote, a bracket, a heredoc or what follows a `|` is missing · 0.3 s',
  ],
  [{status: 'failed', reason: 'shell-killed', signal: 'SIGKILL'}, '✗ failed: the shell was killed · SIGKILL · 0.3 s'],
  [{status: 'complete'}, '✓ 0.3 s'],
  [{status: 'complete', reason: 'max_tokens'}, '■ stopped: the answer reached the limit of the model · 0.3 s'],
  [{status: 'complete', reason: 'refusal'}, '■ the agent refused to go on · 0.3 s'],
  [{status: 'interrupted', reason: 'agent-died'}, '■ interrupted: the agent died · 0.3 s'],
  [{status: 'failed', reason: 'something new'}, '✗ failed: something new · 0.3 s'],
] as const)('%o reads %s', (end, text) => {
  expect(describeEnd({prompt_id, duration_ms, ...end})).toBe(text)
})

test.each([
  [1, 'exit 1'],
  [126, 'exit 126: not executable'],
  [127, 'exit 127: command not found'],
  [128, 'exit 128'],
  [128 + constants.signals.SIGABRT, 'exit 134: aborted'],
  [128 + constants.signals.SIGKILL, 'exit 137: killed'],
  [128 + constants.signals.SIGSEGV, 'exit 139: segmentation fault'],
  [128 + constants.signals.SIGPIPE, 'exit 141: broken pipe'],
  [128 + constants.signals.SIGTERM, 'exit 143: terminated'],
  [128 + constants.signals.SIGWINCH, `exit ${128 + constants.signals.SIGWINCH}: SIGWINCH`],
  [255, 'exit 255'],
])('exit status %d reads %s', (exitCode, text) => {
  expect(describeExit(exitCode)).toBe(text)
})

test('the reason of a failure is described; an unknown one is shown as plain text', () => {
  expect(describeStatus({prompt_id, status: 'interrupted', reason: 'host-died', exit_code: 1})).toBe(
    'interrupted: the host process died',
  )
  const evil = 'new\n\u001b]0;mine\u0007s'
  expect(describeStatus({prompt_id, status: 'failed', reason: evil})).toBe('failed: new s')
  expect(describeEnd({prompt_id, status: 'failed', signal: evil})).toBe('✗ failed · new s')
})

test.each([
  [{exit_code: 3}, /^The shell exited with 3\. .*variables/],
  [{signal: 'SIGKILL\u0007'}, /^The shell was ended by SIGKILL\. /],
  [{}, /^The shell ended with its host\. /],
])('the end of a shell, %o, says what is gone', (exit, text) => {
  expect(describeShellExited(exit)).toMatch(text)
})

test('a command that is incomplete has the status of a syntax error', () => {
  expect(exitCodeOf({prompt_id, status: 'failed', reason: 'incomplete-input'})).toBe(2)
})

test.each([
  [{status: 'complete'}, '✓', 0],
  [{status: 'complete', reason: 'max_turn_requests'}, '■', 0],
  [{status: 'complete', reason: 'exit-status-unknown'}, '?', 1],
  [{status: 'interrupted', reason: 'user'}, '■', 130],
  [{status: 'interrupted', reason: 'agent-died'}, '■', 1],
  [{status: 'failed', reason: 'login-required'}, '✗', 1],
] as const)('an agent’s prompt has no exit code: %o is %s and exits with %d', (end, sign, exitCode) => {
  expect(outcomeSign(end.status, undefined, 'reason' in end ? end.reason : undefined)).toBe(sign)
  expect(exitCodeOf({prompt_id, ...end})).toBe(exitCode)
})
