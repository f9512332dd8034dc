import {defaultBindings, type ComposerView} from '@holdfast/ink-composer'
import {expect, test} from 'vitest'

import {keyHints} from '../../src/ui/live/key-hints.ts'
import {welcomeRows} from '../../src/ui/live/welcome-rows.ts'
import type {ScreenSnapshot} from '../../src/ui/screen-snapshot.ts'
import {idleSession} from '../fixtures/idle-session.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const running = {prompt_id: 'a', text: 'make', started_at: 0}
const approvals = [{approval_id: 'd', prompt_id: 'a', title: 'Delete it?', choices: [{id: 'y', label: 'Yes'}]}]
const ofAgent = {title: 'one', agent: 'claude', cwd: '/', created_at: 0}

function screen(session: Parameters<typeof idleSession>[0], changes: Partial<ScreenSnapshot> = {}): ScreenSnapshot {
  return {
    session: idleSession(session),
    status: {kind: 'live'},
    unsent: [],
    notice: undefined,
    size: {cols: 80, rows: 24},
    bindings: defaultBindings,
    paint: plainPaint,
    ...changes,
  }
}

/** A composer with a draft. */
const composer = (text: string, target: ComposerView['target'] = 'prompt') =>
  ({draft: {text, cursor: 0}, target}) as unknown as ComposerView

test.each([
  [{}, '', '/ commands · ↑ earlier prompts · Ctrl-R searches · Ctrl-D leaves'],
  [{info: ofAgent}, '', '/ commands · ↑ earlier prompts · Ctrl-R searches · ! runs a command · Ctrl-D leaves'],
  [{}, 'ls', 'Enter runs it · Alt-Enter new line · Ctrl-C clears it'],
  [{info: ofAgent}, 'do it', 'Enter sends it · Alt-Enter new line · Ctrl-C clears it'],
  [{running}, '', 'Enter queues · Ctrl-C interrupts · Ctrl-O whole terminal · / commands'],
  [{info: ofAgent, running}, 'ls', 'Enter queues it · Alt-Enter new line · Ctrl-C clears it'],
  [{running}, 'ls', 'Enter queues it · Alt-Enter new line'],
  [{running, approvals}, '', 'Ctrl-T answers the agent · Enter queues · Ctrl-C interrupts'],
])('the keys of the moment: %j with the draft %j', (session, draft, hints) => {
  expect(keyHints(screen(session), composer(draft))).toBe(hints)
})

test('there are no hints where the line is for a program, or nothing can be done', () => {
  expect(keyHints(screen({running}), composer('', 'program'))).toBeUndefined()
  expect(keyHints(screen({}, {status: {kind: 'starting'}}), composer(''))).toBeUndefined()
  expect(keyHints(screen({}, {session: undefined}), composer(''))).toBeUndefined()
})

test('an empty screen says what to do, until something is on it', () => {
  expect(welcomeRows(screen({}, {isEmpty: true}))).toHaveLength(3)
  expect(welcomeRows(screen({info: ofAgent}, {isEmpty: true}))[0]).toContain('Ask claude for something')
  expect(welcomeRows(screen({}))).toEqual([])
  expect(welcomeRows(screen({}, {isEmpty: true, unsent: [{promptId: 'a', text: 'ls'}]}))).toEqual([])
})
