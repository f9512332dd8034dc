import {createComposer, createHistory, type Composer} from '@holdfast/ink-composer'
import type {Approval} from '@holdfast/protocol'
import {beforeEach, expect, test} from 'vitest'

import {createAnswerKey} from '../../src/app/composer/answer-key.ts'
import {approvalRows} from '../../src/ui/live/live-rows.ts'
import {idleSession} from '../fixtures/idle-session.ts'

let approvals: readonly Approval[]
let answers: unknown[]
let composer: Composer

const asked = (approval_id: string, title: string): Approval => ({
  approval_id,
  prompt_id: 'a',
  title,
  choices: [
    {id: 'once', label: 'Allow once'},
    {id: 'deny', label: 'Deny'},
  ],
})
const key = (...names: string[]) => names.forEach((name) => composer.press({kind: 'key', name}))
const type = (text: string) => composer.press({kind: 'text', text})
const overlay = () => composer.view.overlay

beforeEach(() => {
  approvals = [asked('q', 'Delete it?')]
  answers = []
  const session = {
    get state() {
      return idleSession({approvals: [...approvals]})
    },
    answer: (...answer: unknown[]) => Promise.resolve(void answers.push(answer)),
  }
  composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: [], hasMore: false})),
    onSubmit() {},
    onInterrupt: () => Boolean(answers.push('interrupt')),
    onAnswer: createAnswerKey({
      session: () => session,
      composer: () => composer,
      reportError: (error) => expect.fail(String(error)),
    }),
  })
})

test('Ctrl-T opens the first question, beside a draft, too; a number and Enter answer it', () => {
  type('a draft')
  key('ctrl-t')
  expect(overlay()).toMatchObject({title: 'Delete it?', rows: [{text: '1. Allow once'}, {text: '2. Deny'}]})
  type('2')
  expect(answers).toEqual([])
  key('enter')
  expect(answers).toEqual([['q', 'deny']])
  expect(overlay()).toBeUndefined()
  expect(composer.view.draft.text).toBe('a draft')
})

test('Enter alone answers nothing, other text neither; arrows choose', () => {
  key('ctrl-t', 'enter')
  for (const text of ['y', '0', '3', '1\n']) type(text)
  key('enter')
  expect(answers).toEqual([])
  expect(overlay()?.selected).toBeUndefined()
  key('down', 'down', 'down', 'up', 'enter')
  expect(answers).toEqual([['q', 'once']])
})

test('Esc and Ctrl-T close a question without an answer; Ctrl-C is not swallowed', () => {
  key('ctrl-t', 'escape')
  expect(overlay()).toBeUndefined()
  key('ctrl-t', 'ctrl-t')
  expect(overlay()).toBeUndefined()
  key('ctrl-t', 'ctrl-c')
  expect(answers).toEqual(['interrupt'])
})

test('a question that another client answered closes, and is not answered again', () => {
  approvals = [asked('q', 'Delete it?'), asked('r', 'Push it?')]
  key('ctrl-t')
  approvals = approvals.slice(1)
  composer.refresh()
  expect(overlay()).toBeUndefined()
  key('ctrl-t')
  expect(overlay()?.title).toBe('Push it?')
})

const rowsOf = (open: readonly Approval[], cols = 40) =>
  approvalRows({
    size: {cols, rows: 24},
    session: idleSession({approvals: [...open]}),
    status: {kind: 'live'},
    unsent: [],
    notice: undefined,
  })

test('the first question is shown with its choices, without control sequences, within some rows', () => {
  expect(rowsOf([])).toEqual([])
  expect(rowsOf([asked('q', 'Delete\u001b[2J it?'), asked('r', 'Push it?')])).toEqual([
    'The agent asks: Delete it?',
    '1. Allow once · 2. Deny',
    '  Ctrl-T answers it · 1 more wait',
  ])
  expect(rowsOf([asked('q', 'Is this long? '.repeat(1000))])).toHaveLength(7)
})
