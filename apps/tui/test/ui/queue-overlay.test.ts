import {createComposer, createHistory, defaultBindings, type Composer} from '@holdfast/ink-composer'
import type {QueuedPrompt} from '@holdfast/protocol'
import {beforeEach, expect, test} from 'vitest'

import {createQueueOverlay} from '../../src/ui/composer/queue-overlay.ts'

let queue: QueuedPrompt[]
let held: {reason: string} | null
let composer: Composer
let events: unknown[]

const key = (...names: string[]) => names.forEach((name) => composer.press({kind: 'key', name}))
const written = () => composer.view.draft.text
const overlay = () => composer.view.overlay
const rows = () => overlay()?.rows.map(({text}) => text)
const settle = () => new Promise((resolve) => setImmediate(resolve))
const queued = (...texts: string[]): QueuedPrompt[] => texts.map((text) => ({prompt_id: text, text}))

function change(next: QueuedPrompt[]): void {
  queue = next
  composer.refresh()
}

const actions = {
  withdraw(id: string) {
    events.push(['withdraw', id])
    return Promise.resolve(id)
  },
  promote(id: string) {
    events.push(['promote', id])
    return Promise.resolve()
  },
  interrupt: () => void events.push(['interrupt run']),
  goOn: () => void events.push(['go on']),
  bindings: defaultBindings,
  onEdit: (text: string) => composer.restore(text),
}

beforeEach(() => {
  events = []
  held = null
  queue = queued('one', 'two', 'three')
  composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: [], hasMore: false})),
    onSubmit() {},
    onRecall() {
      composer.open((host) => createQueueOverlay(() => ({queue, held}), host, actions))
      return true
    },
  })
})

test('lists a prompt of several lines in one row', () => {
  change(queued('for i in 1 2\ndo make\ndone'))
  key('up')
  expect(rows()).toEqual(['1. for i in 1 2 ⏎ do make ⏎ done'])
})

test('↑ in an empty draft opens it; Enter edits the selected prompt', async () => {
  key('up')
  expect(overlay()).toMatchObject({title: '3 prompts in the queue', selected: 2})
  key('up', 'enter')
  await settle()
  expect(events).toEqual([['withdraw', 'two']])
  expect([written(), overlay()]).toEqual(['two', undefined])
})

test('a new prompt is selected until the user selects another one', () => {
  key('up')
  change(queued('one', 'two', 'three', 'four'))
  expect(overlay()?.selected).toBe(3)
  key('up')
  change(queued('one', 'two', 'three', 'four', 'five'))
  expect(overlay()?.selected).toBe(2)
})

test('Delete removes a prompt and selects the next one, even while the session still lists it', async () => {
  key('up', 'up', 'delete')
  await settle()
  expect(rows()).toEqual(['1. one', '2. three'])
  expect(overlay()?.selected).toBe(1)
  key('ctrl-d')
  await settle()
  change(queued('one'))
  expect(events).toEqual([
    ['withdraw', 'two'],
    ['withdraw', 'three'],
  ])
  change([])
  expect(overlay()).toBeUndefined()
})

test('Ctrl-S moves a prompt to the front; pressed again, it interrupts the running command', () => {
  key('up', 'ctrl-s')
  expect(events).toEqual([['promote', 'three']])
  expect(overlay()?.footer).toContain('again interrupts the running command')
  change(queued('three', 'one', 'two'))
  expect(overlay()?.selected).toBe(0)
  key('ctrl-s')
  expect(events.at(-1)).toEqual(['interrupt run'])
  expect(overlay()).toBeUndefined()
})

test('Ctrl-S on another prompt moves that one and interrupts nothing', () => {
  key('up', 'ctrl-s', 'up', 'ctrl-s')
  expect(events).toEqual([
    ['promote', 'three'],
    ['promote', 'two'],
  ])
})

test('typing closes it and starts a new prompt; so do ↓ at the end and Esc', () => {
  key('up')
  composer.press({kind: 'text', text: 's'})
  expect([written(), overlay()]).toEqual(['s', undefined])
  key('ctrl-u', 'up', 'down')
  expect(overlay()).toBeUndefined()
  key('up', 'escape')
  expect(overlay()).toBeUndefined()
})

test('it says why prompts are held, and Ctrl-G lets them run', () => {
  key('up', 'ctrl-g')
  expect(events).toEqual([])
  held = {reason: 'interrupted'}
  change(queue.map((waiting, at) => (at === 0 ? waiting : {...waiting, held: true})))
  expect(overlay()).toMatchObject({
    title: '2 prompts wait: an earlier prompt was interrupted',
    rows: [{text: expect.not.stringContaining('(held)')}, {text: expect.stringMatching(/^2\. \(held\) /)}, {}],
    footer: 'Ctrl-G goes on · Enter edits · Del removes · Ctrl-S runs it next · Esc back',
  })
  key('ctrl-g')
  expect([events, overlay()]).toEqual([[['go on']], undefined])
})
