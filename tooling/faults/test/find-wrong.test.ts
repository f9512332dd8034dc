import {expect, test} from 'vitest'

import {findWrong, freshCommand, type DamageFacts} from '../damage/find-wrong.ts'
import type {CommandResult} from '../damage/run-command.ts'

const event = (seq: number, type: string, payload: object) =>
  JSON.stringify({type, session_id: 'abc', seq, at: 1, payload})
const before = [
  event(1, 'session.info', {title: 't'}),
  event(2, 'prompt.queued', {prompt_id: 'old', text: 'ls'}),
  event(3, 'message.delta', {prompt_id: 'old', text: 'one'}),
]
const ended = event(4, 'message.complete', {prompt_id: 'old', status: 'complete', exit_code: 1})
const fresh = event(4, 'message.delta', {prompt_id: 'new', text: 'fresh 42\r\n'})

function result(args: string, change: Partial<CommandResult> = {}): CommandResult {
  return {args: args.split(' '), stdout: '', stderr: '', code: 0, signal: null, ...change}
}
const show = (...events: string[]) => result('show --json abc', {stdout: events.map((line) => `${line}\n`).join('')})

/** A session whose log was damaged without harm. */
const unharmed: DamageFacts = {
  sessionId: 'abc',
  before,
  otherBefore: ['{"seq":1}'],
  isEndCut: false,
  ls: result('ls --json', {stdout: '{"id":"abc"}\n'}),
  show: show(...before),
  runs: [result(`run --session abc -- ${freshCommand}`, {stdout: 'fresh 42\n'})],
  showAfter: show(...before, fresh),
  otherShow: result('show --json def', {stdout: '{"seq":1}\n'}),
  doctor: result('doctor'),
  rest: [],
}

test('what was shown as before is right', () => {
  expect(findWrong(unharmed)).toEqual([])
})

const lost = event(3, 'event.lost', {})
const reported: [string, Partial<DamageFacts>][] = [
  [
    'an event that is lost',
    {show: show(before[0]!, before[1]!, lost), showAfter: show(before[0]!, before[1]!, lost, fresh)},
  ],
  [
    'the end of a prompt that a repair makes up',
    {
      show: show(
        ...before,
        event(4, 'message.complete', {prompt_id: 'old', status: 'interrupted', reason: 'log-damaged'}),
      ),
    },
  ],
  [
    'a title that is lost',
    {
      show: show(before[0]!.replace('"t"', '"abc"'), before[1]!, before[2]!, event(4, 'note', {level: 'warning'})),
      ls: result('ls --json', {stdout: '{"id":"abc","title":"abc"}\n'}),
    },
  ],
  [
    'a log that cannot be read',
    {
      show: result('show --json abc', {code: 1, stderr: 'holdfast: the log of session abc is damaged\n'}),
      runs: [result('run --session abc', {code: 1, stderr: 'holdfast: the log of session abc is damaged\n'})],
      showAfter: result('show --json abc', {code: 1, stderr: 'holdfast: the log of session abc is damaged\n'}),
    },
  ],
  [
    'the end of a WAL that was cut off',
    {isEndCut: true, show: show(before[0]!), showAfter: result('show', {code: 1, stderr: 'abc\n'})},
  ],
  ['keys in another order', {show: show(before[0]!, before[1]!.replace(/^\{(.*?),(.*)\}$/, '{$2,$1}'), before[2]!)}],
]

test.each(reported)('%s is no failure', (_name, change) => {
  const {show: shown = unharmed.show, runs = unharmed.runs, showAfter = unharmed.showAfter} = change
  const wrong = findWrong({...unharmed, ...change, show: shown, runs, showAfter})
  expect(wrong.filter((line) => !/new prompt once/.test(line))).toEqual([])
})

const failures: [string, Partial<DamageFacts>, RegExp][] = [
  [
    'wrong text',
    {show: show(before[0]!, before[1]!, before[2]!.replace('one', 'onf'))},
    /event 3 to be as before or lost/,
  ],
  [
    'a wrong exit code',
    {before: [...before, ended], show: show(...before, ended.replace('"exit_code":1', '"exit_code":0'))},
    /event 4 to be as before or lost/,
  ],
  ['a made-up end', {show: show(...before, ended)}, /event 4 to be as before or lost/],
  [
    'a draft that nobody typed',
    {show: show(...before, event(4, 'draft.updated', {text: 'rm'}))},
    /event 4 to be as before or lost/,
  ],
  [
    'a wrong title',
    {show: show(before[0]!.replace('"t"', '"u"'), before[1]!, before[2]!)},
    /event 1 to be as before or lost/,
  ],
  [
    'a wrong title in the list',
    {ls: result('ls --json', {stdout: '{"id":"abc","title":"u"}\n'})},
    /ls to show a title of the session, got "u"/,
  ],
  ['a silent loss', {show: show(before[0]!, before[1]!)}, /the loss of 1 of 3 events to be reported/],
  [
    'a loss after the next prompt',
    {showAfter: show(before[0]!, fresh.replace('"seq":4', '"seq":2'))},
    /show to report the 2/,
  ],
  ['a gap', {show: show(before[0]!, before[2]!)}, /event 2 after 1, got 3/],
  ['a prompt that cannot be read', {showAfter: show(...before)}, /the output of the new prompt once, found 0/],
  ['a prompt that ran twice', {showAfter: show(...before, fresh, fresh.replace('4', '5'))}, /once, found 2/],
  ['wrong output', {runs: [result('run', {stdout: 'fresh\n'})]}, /Expected `fresh 42`/],
  [
    'an error that names nothing',
    {runs: [result('run', {code: 1, stderr: 'failed\n'})]},
    /name the session or its file/,
  ],
  ['a silent error', {runs: [result('run', {code: 1})]}, /Expected an error from `holdfast run`/],
  ['a hang', {doctor: result('doctor', {code: null, signal: 'SIGKILL'})}, /`holdfast doctor` to end within/],
  ['a crash', {ls: result('ls --json', {code: null, signal: 'SIGSEGV'})}, /SIGSEGV ended it/],
  ['a stack trace', {rest: [result('ls', {code: 1, stderr: 'x\n    at foo\n'})]}, /an error for its user/],
  ['another session', {otherShow: result('show --json def', {stdout: ''})}, /the other session to be as before/],
  ['a session that vanished', {ls: result('ls --json', {stdout: ''})}, /to mention the session, none does/],
]

test.each(failures)('%s is found', (_name, change, expected) => {
  expect(findWrong({...unharmed, ...change})).toContainEqual(expect.stringMatching(expected))
})
