import {createComposer, createHistory, defaultBindings, type Composer} from '@holdfast/ink-composer'
import type {Approval} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createQuestionOpener, opensByItself} from '../../src/app/composer/question-opener.ts'
import {msUntilMeant} from '../../src/ui/composer/still-keyboard.ts'
import {approvalRows} from '../../src/ui/live/question-rows.ts'
import type {ScreenModel} from '../../src/ui/screen-model.ts'
import type {ScreenSnapshot} from '../../src/ui/screen-snapshot.ts'
import {idleSession} from '../fixtures/idle-session.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

let approvals: readonly Approval[]
let answers: unknown[]
/** Keys that were left to the screen: its Esc stops the agent. */
let screenKeys: string[]
let composer: Composer
/** The question on the terminal, and whether all of it is there. */
let shown: ScreenModel['shownQuestion'] | 'next'

const asked = (approval_id: string, title: string): Approval => ({
  approval_id,
  prompt_id: 'a',
  title,
  choices: [
    {id: 'once', label: 'Allow once'},
    {id: 'deny', label: 'Deny'},
  ],
  tool_call_id: 't',
})
const key = (...names: string[]) => names.forEach((name) => composer.press({kind: 'key', name}))
const type = (text: string) => composer.press({kind: 'text', text})
const overlay = () => composer.view.overlay
const draft = () => composer.view.draft.text
const snapshotOf = (open: readonly Approval[], cols = 40): ScreenSnapshot => ({
  size: {cols, rows: 24},
  paint: plainPaint,
  bindings: defaultBindings,
  session: idleSession({approvals: [...open]}),
  status: {kind: 'live'},
  unsent: [],
  notice: undefined,
})
/** As long as a question must be seen with a still keyboard. */
const wait = (ms = 300) => {
  vi.advanceTimersByTime(ms)
  // The rest of that turn of the event loop.
  vi.advanceTimersByTime(1)
}
/** What comes with a frame. */
const frame = () => composer.refresh()

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance']})
  approvals = [asked('q', 'Delete it?')]
  answers = []
  screenKeys = []
  shown = 'next'
  const session = {
    get state() {
      return idleSession({approvals: [...approvals]})
    },
    answer: (...answer: unknown[]) => Promise.resolve(void answers.push(answer)),
  }
  const opener = createQuestionOpener({
    session: () => session,
    composer: () => composer,
    model: {
      get snapshot() {
        return snapshotOf(approvals)
      },
      get shownQuestion() {
        return shown === 'next' ? {id: approvals[0]?.approval_id ?? '', isWhole: true} : shown
      },
      addBlock: (block) => answers.push(block.kind),
    },
    reportError: (error) => expect.fail(String(error)),
  })
  composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: [], hasMore: false})),
    onSubmit() {},
    onInterrupt: () => Boolean(answers.push('interrupt')),
    onAnswer: opener.press,
    onKey(name) {
      if (name === 'escape') screenKeys.push(name)
      return name === 'escape'
    },
  })
  composer.subscribe(opener.look)
  opener.look()
})
afterEach(() => void vi.useRealTimers())

test('a question opens by itself, and a number answers it at once when it was seen for 300 ms', () => {
  expect(overlay()).toMatchObject({title: 'Delete it?', rows: [{text: '1. Allow once'}, {text: '2. Deny'}]})
  expect(overlay()?.footer).toBeUndefined()
  wait()
  expect(overlay()?.footer).toBe('1–2 answers · ↑↓ choose · Ctrl-] prints all of it · Esc later')
  approvals = []
  type('2')
  expect(answers).toEqual([['q', 'deny']])
  expect(overlay()).toBeUndefined()
})

test('what is typed ahead grants nothing: text goes to the draft, and Enter does what it does there', () => {
  wait(290)
  key('enter', 'down', 'enter')
  wait(290)
  expect(answers).toEqual([])
  type('1')
  expect(draft()).toBe('1')
  expect(overlay()).toBeUndefined()
  wait()
  type('2')
  expect([draft(), answers]).toEqual(['12', []])
})

test('each key begins the time anew', () => {
  for (let pressed = 0; pressed < 10; pressed++) {
    wait(200)
    key('left')
  }
  expect(overlay()?.footer).toBeUndefined()
  wait()
  expect(overlay()?.footer).toBeDefined()
})

test('beside a draft, Ctrl-T opens it; it opens by itself when the draft is empty again', () => {
  type('x')
  expect(overlay()).toBeUndefined()
  key('backspace')
  expect(overlay()?.title).toBe('Delete it?')
  type('x')
  key('ctrl-t')
  wait()
  type('1')
  expect([draft(), answers]).toEqual(['x', [['q', 'once']]])
})

test('Enter alone answers nothing, a text is a prompt; arrows choose', () => {
  wait()
  key('enter')
  expect(overlay()).toBeDefined()
  type('3')
  expect(draft()).toBe('3')
  key('backspace')
  wait()
  key('down', 'down', 'down', 'up', 'enter')
  expect(answers).toEqual([['q', 'once']])
})

test('after Esc, the question waits for Ctrl-T; Ctrl-C is not swallowed', () => {
  wait()
  key('escape')
  expect(overlay()).toBeUndefined()
  key('ctrl-t')
  wait()
  key('ctrl-t')
  expect(overlay()).toBeUndefined()
  key('ctrl-t', 'ctrl-c')
  wait()
  expect(answers).toEqual(['interrupt'])
})

test('a question that another client answered closes, and the next one needs its own time', () => {
  approvals = [asked('q', 'Delete it?'), asked('r', 'Push it?')]
  wait()
  approvals = approvals.slice(1)
  frame()
  expect(overlay()?.title).toBe('Push it?')
  key('enter', 'down', 'enter')
  expect(answers).toEqual([])
  wait()
  type('1')
  expect(answers).toEqual([['r', 'once']])
})

test('a question that the terminal does not show takes no keys', () => {
  wait()
  shown = undefined
  frame()
  wait(1000)
  shown = 'next'
  frame()
  key('down', 'enter')
  wait(290)
  key('down', 'enter')
  expect(answers).toEqual([])
  wait()
  type('1')
  expect(answers).toEqual([['q', 'once']])
})

test('the time begins with the frame that shows the question', () => {
  shown = undefined
  approvals = [asked('r', 'Push it?')]
  frame()
  wait(1000)
  shown = {id: 'q', isWhole: true}
  frame()
  wait(1000)
  shown = {id: 'r', isWhole: true}
  frame()
  wait(290)
  expect(overlay()).toMatchObject({title: 'Push it?'})
  expect(overlay()?.footer).toBeUndefined()
  wait(10)
  expect(overlay()?.footer).toBeDefined()
})

test('a question whose choices are not all shown takes no key but Esc, which leaves it for later', () => {
  shown = {id: 'q', isWhole: false}
  frame()
  wait(1000)
  key('down', 'enter')
  expect(answers).toEqual([])
  key('escape')
  expect([overlay(), answers, screenKeys]).toEqual([undefined, [], []])
})

test('Esc in the first 300 ms does not reach the agent, and the question stays', () => {
  wait(100)
  key('escape')
  expect(overlay()?.title).toBe('Delete it?')
  expect(screenKeys).toEqual([])
  wait()
  key('escape')
  expect(overlay()).toBeUndefined()
  key('escape')
  expect(screenKeys).toEqual(['escape'])
})

test('a paste answers nothing', () => {
  wait()
  composer.paste('1')
  expect([draft(), answers]).toEqual(['1', []])
})

test('Ctrl-] prints all that it is about', () => {
  wait()
  key('ctrl-]')
  expect(answers).toEqual(['asked'])
})

test.each([
  [{shownAt: undefined, lastKeyAt: 0}, undefined],
  [{shownAt: 700, lastKeyAt: undefined}, 0],
  [{shownAt: 701, lastKeyAt: undefined}, 1],
  [{shownAt: 0, lastKeyAt: 900}, 200],
  [{shownAt: 900, lastKeyAt: 700}, 200],
])('with %j at 1000, a key is meant in %j ms', (facts, expected) => {
  expect(msUntilMeant(facts, 1000)).toBe(expected)
})

test.each([
  [{}, true],
  [{open: []}, false],
  [{later: 'q'}, false],
  [{later: 'another'}, true],
  [{isDraftEmpty: false}, false],
  [{isBusy: true}, false],
])('with %j, a question opens by itself: %j', (facts, expected) => {
  expect(opensByItself({open: ['q'], later: undefined, isDraftEmpty: true, isBusy: false, ...facts})).toBe(expected)
})

test('the first question is shown with its choices, without control sequences, within some rows', () => {
  const rowsOf = (open: readonly Approval[]) => approvalRows(snapshotOf(open))
  expect(rowsOf([])).toEqual([])
  expect(rowsOf([asked('q', 'Delete\u001b[2J it?'), asked('r', 'Push it?')])).toEqual([
    ' ALLOW?  Delete it?',
    '  1. Allow once · 2. Deny',
    '  Ctrl-T answers it · 1 more wait',
  ])
  expect(rowsOf([asked('q', 'Is this long? '.repeat(1000))])).toHaveLength(7)
})
