import {expect, test} from 'vitest'

import {createComposer} from '../src/create-composer.ts'
import {createHistory} from '../src/history/history.ts'
import {describeKey, joinHints, keyLabel, withKey, type KeyBindings} from '../src/keys/key-bindings.ts'

/** Ctrl-Q kills, Alt-R opens the history; Ctrl-U and Ctrl-R have lost that. */
const actions = new Map([
  ['ctrl-q', 'ctrl-u'],
  ['alt-r', 'ctrl-r'],
  ['ctrl-u', undefined],
  ['ctrl-r', undefined],
])
const bindings: KeyBindings = {
  actionOf: (pressed) => (actions.has(pressed) ? actions.get(pressed) : pressed),
  labelOf: (key) => (key === 'ctrl-u' ? 'Ctrl-Q' : key === 'ctrl-l' ? undefined : keyLabel(key)),
}

function openComposer(input?: 'none' | 'key') {
  const sent: string[] = []
  const left: string[] = []
  const composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: [{text: 'make', at: 0}]})),
    bindings,
    onSubmit() {},
    program: () => (input === undefined ? undefined : {id: 'p', input}),
    onInput(data) {
      sent.push(new TextDecoder().decode(data))
      return Promise.resolve('sent')
    },
    onKey: (name) => {
      left.push(name)
      return false
    },
  })
  return {composer, sent, left, key: (name: string) => composer.press({kind: 'key', name})}
}

test('a key does what the action does that it is bound to, and one that has lost its action does nothing', () => {
  const {composer, key} = openComposer()
  composer.press({kind: 'text', text: 'one'})
  key('ctrl-u')
  expect(composer.view.draft.text).toBe('one')
  key('ctrl-q')
  expect(composer.view.draft.text).toBe('')
  key('ctrl-r')
  expect(composer.view.overlay).toBeUndefined()
})

test('overlays and the screen get the default key of the action', () => {
  const {composer, key, left} = openComposer()
  key('alt-r')
  expect(composer.view.overlay?.title).toBe('history: ▏')
  key('escape')
  left.length = 0
  key('ctrl-q')
  expect(left[0]).toBe('ctrl-u')
})

test('a program that reads keys gets the key as it was pressed', () => {
  const {key, sent} = openComposer('key')
  key('ctrl-u')
  expect(sent).toEqual(['\u0015'])
})

test('keys are named as texts show them', () => {
  expect(['ctrl-x ctrl-e', 'alt-up', 'shift-tab', 'ctrl-]', 'alt-page-up', 'alt--'].map(keyLabel)).toEqual([
    'Ctrl-X Ctrl-E',
    'Alt-↑',
    'Shift-Tab',
    'Ctrl-]',
    'Alt-Page Up',
    'Alt--',
  ])
  expect(describeKey(bindings, 'ctrl-u', 'kills')).toBe('Ctrl-Q kills')
  const none = describeKey(bindings, 'ctrl-l', 'clears')
  expect([joinHints('Enter runs it', none, 'Esc back'), withKey('Lost', none)]).toEqual([
    'Enter runs it · Esc back',
    'Lost',
  ])
})
