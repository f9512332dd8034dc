import {defaultBindings} from '@holdfast/ink-composer'
import {expect, test} from 'vitest'

import {noticeRows, offerRows, queueRows} from '../../src/ui/live/live-rows.ts'
import type {ScreenSnapshot} from '../../src/ui/screen-snapshot.ts'
import {idleSession} from '../fixtures/idle-session.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const shown = (changes: Partial<ScreenSnapshot>): ScreenSnapshot => ({
  session: idleSession(),
  status: {kind: 'live'},
  unsent: [],
  notice: undefined,
  size: {cols: 80, rows: 24},
  paint: plainPaint,
  bindings: defaultBindings,
  ...changes,
})

test.each([
  [4, ['  1. p1', '  2. p2', '  3. p3', '  4. p4']],
  [5, ['  1. p1', '  2. p2', '  … 2 more', '  5. p5']],
  [9, ['  1. p1', '  2. p2', '  … 6 more', '  9. p9']],
])('of %d queued prompts, those that are not shown are counted', (count, rows) => {
  const prompts = Array.from({length: count}, (_, at) => ({prompt_id: `p${at + 1}`, text: `p${at + 1}`}))
  const unsent = prompts.slice(2).map(({prompt_id, text}) => ({promptId: prompt_id, text}))
  expect(queueRows(shown({session: idleSession({queue: prompts})})).slice(0, -1)).toEqual(rows)
  expect(queueRows(shown({session: idleSession({queue: prompts.slice(0, 2)}), unsent})).slice(0, -1)).toEqual(rows)
})

test.each([
  [80, ['  1 prompt waits: `make -j8` failed', '  Ctrl-G goes on · ↑ edits · Del in an empty draft drops them']],
  [40, ['  1 prompt waits: `make -j8` failed', '  Ctrl-G goes on · Del drops them']],
])('in %i columns, the row of a held queue says why, and how to go on or drop it', (cols, rows) => {
  const session = idleSession({
    held: {reason: 'failed', text: 'make -j8'},
    queue: [{prompt_id: 'a', text: 'ls', held: true}],
  })
  expect(queueRows(shown({session, size: {cols, rows: 24}})).slice(1)).toEqual(rows)
})

test('a prompt of several lines is one row of the queue', () => {
  const queue = [{prompt_id: 'a', text: 'for i in 1 2\ndo make\ndone\n'}]
  expect(queueRows(shown({session: idleSession({queue})}))[0]).toBe('  1. for i in 1 2 ⏎ do make ⏎ done')
})

test.each([
  ['vim a.txt', 'vim'],
  ["PS1='in''> ' bash --norc", 'bash'],
  [String.raw`A=1 B="two \"words\"" C=a\ b less x`, 'less'],
  ['sudo EDITOR=vi /usr/bin/vipw', 'vipw'],
  ['htop;ls', 'htop'],
  ["'my editor' file", undefined],
  ['$EDITOR file', undefined],
  ['(vim)', undefined],
  ["A='open", undefined],
  ['sudo -u ada vim', 'sudo'],
  ['', undefined],
])('the offer of the terminal to %j names %s', (text, name) => {
  const session = idleSession({running: {prompt_id: 'a', text, started_at: 0}})
  expect(offerRows(shown({session, offer: 'enter'}))).toEqual([
    `${name ?? 'The program'} needs the whole terminal: Enter gives it`,
  ])
})

test('a notice is wrapped at words, and its rows do not begin with the blanks between them', () => {
  const notice = 'The command has ended, and the shell was replaced'
  expect(noticeRows(shown({notice}), 30)).toEqual(['The command has ended, and the', 'shell was replaced'])
})
