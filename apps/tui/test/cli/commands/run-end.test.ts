import {expect, test} from 'vitest'

import {describeRunEnd, type RunEnd} from '../../../src/cli/commands/run/run-end.ts'

const prompt_id = 'a'
const accepted = {sessionId: 'abc', gateway: {}, step: 'accepted', isInterrupted: false} as const

test.each<[RunEnd, {exitCode: number; message?: string}]>([
  [{kind: 'accepted'}, {exitCode: 0}],
  [
    {kind: 'failed', message: 'session abc was closed'},
    {exitCode: 1, message: 'session abc was closed'},
  ],
  [{kind: 'complete', payload: {prompt_id, status: 'complete', exit_code: 3}}, {exitCode: 3}],
  [{kind: 'complete', payload: {prompt_id, status: 'complete', signal: 'SIGKILL'}}, {exitCode: 137}],
  [
    {kind: 'complete', payload: {prompt_id, status: 'complete', exit_code: 0, stdin_cut: true}},
    {
      exitCode: 1,
      message:
        'the command has not read all of stdin: the connection was lost for more than a minute, and its stdin ended; run it again',
    },
  ],
  [{kind: 'complete', payload: {prompt_id, status: 'interrupted', reason: 'user', exit_code: 130}}, {exitCode: 130}],
  [
    {
      kind: 'complete',
      payload: {prompt_id, status: 'interrupted', reason: 'user', exit_code: 130, lines_entered: 60, lines_total: 100},
    },
    {exitCode: 130, message: 'interrupted (60 of 100 lines)'},
  ],
  [
    {kind: 'complete', payload: {prompt_id, status: 'complete', exit_code: 2, lines_entered: 1, lines_total: 3}},
    {exitCode: 2, message: 'not all lines ran (1 of 3 lines)'},
  ],
  [
    {kind: 'complete', payload: {prompt_id, status: 'complete', reason: 'exit-status-unknown'}},
    {
      exitCode: 1,
      message:
        'exit status unknown: the hooks of the shell are broken, or an alias or a key binding has changed the line',
    },
  ],
  [{kind: 'complete', payload: {prompt_id, status: 'interrupted', reason: 'user'}}, {exitCode: 130}],
  [
    {kind: 'complete', payload: {prompt_id, status: 'cancelled', reason: 'withdrawn'}},
    {exitCode: 1, message: 'cancelled: it was removed from the queue'},
  ],
  [{kind: 'reader-gone', exitCode: 141}, {exitCode: 141}],
  [
    {kind: 'complete', payload: {prompt_id, status: 'interrupted', reason: 'host-died'}},
    {exitCode: 1, message: 'interrupted: the host process died'},
  ],
])('describes %o as %o', (end, description) => {
  expect(describeRunEnd(end, accepted)).toMatchObject(description)
  expect(describeRunEnd(end, accepted).message).toBe(description.message)
})

test.each([
  [{sessionId: undefined, gateway: {}, step: 'unsent', isInterrupted: false}, 'timed out before a session was created'],
  [
    {sessionId: 'abc', gateway: {}, step: 'unsent', isInterrupted: false},
    'timed out before session abc accepted the command',
  ],
  [
    {sessionId: 'abc', gateway: {}, step: 'accepted', isInterrupted: false},
    'the command is still running in session abc; `holdfast show abc --follow` prints its output',
  ],
  [
    {
      sessionId: 'abc',
      gateway: {connect: 'ws://[::1]:7000', tokenFile: 'my token'},
      step: 'accepted',
      isInterrupted: false,
    },
    "the command is still running in session abc; `holdfast show abc --follow --connect 'ws://[::1]:7000' --token-file 'my token'` prints its output",
  ],
] as const)('after a time-out, says how far the command got: %o', (progress, message) => {
  expect(describeRunEnd({kind: 'timed-out', exitCode: 124}, progress)).toEqual({exitCode: 124, message})
})

test.each([
  ['unsent', undefined],
  ['sent', 'the command may be running in session abc; `holdfast show abc --follow` prints its output'],
  ['accepted', 'the command is still running in session abc; `holdfast show abc --follow` prints its output'],
  ['over', undefined],
] as const)('after a signal, says where the command runs on: %s', (step, message) => {
  expect(describeRunEnd({kind: 'left', exitCode: 143}, {...accepted, step})).toEqual({exitCode: 143, message})
})

test('a command that Ctrl-C took out of the queue has the exit code of one that Ctrl-C ended', () => {
  const payload = {prompt_id, status: 'cancelled', reason: 'withdrawn'} as const
  expect(describeRunEnd({kind: 'complete', payload}, {...accepted, isInterrupted: true}).exitCode).toBe(130)
})
