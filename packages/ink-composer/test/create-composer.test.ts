import {stripVTControlCharacters} from 'node:util'

import {beforeEach, describe, expect, test} from 'vitest'

import type {Composer, RunningProgram} from '../src/composer.ts'
import {draftRows} from '../src/composer-rows.ts'
import {createComposer} from '../src/create-composer.ts'
import {createHistory} from '../src/history/history.ts'

let program: RunningProgram | undefined
let composer: Composer
let events: unknown[]
let isRecallUsed: boolean
let folders: Record<string, string[]>

const key = (...names: string[]) => names.forEach((name) => composer.press({kind: 'key', name}))
const type = (text: string) => composer.press({kind: 'text', text})
const written = () => composer.view.draft.text
const overlay = () => composer.view.overlay
const rows = () => overlay()?.rows.map(({text}) => text)
/** Resolves when requests of the composer, such as for the names in a folder, have been answered. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Replaces the running program. */
function run(next: RunningProgram | undefined): void {
  program = next
  composer.refresh()
}

const running = (id: string, changes: Partial<RunningProgram> = {}): RunningProgram => ({
  id,
  isAsking: false,
  isSecret: false,
  ...changes,
})

beforeEach(async () => {
  events = []
  isRecallUsed = false
  folders = {'': ['src/', 'setup.sh', 'my notes.txt', '.git/'], 'src/': ['main.ts', 'main.test.ts']}
  program = undefined
  const say =
    (what: string) =>
    (...more: unknown[]) =>
      void events.push([what, ...more])
  const texts = ['make test', 'ls', 'git push', 'make']
  const history = createHistory(() => Promise.resolve({entries: texts.map((text) => ({text, at: 0})), hasMore: false}))
  await history.loadMore()
  composer = createComposer({
    history,
    commands: [
      {name: '/quit', description: 'leaves'},
      {name: '/queue', description: 'shows what waits'},
      {name: '/title', description: 'gives a title', argument: 'TITLE', complete: () => ['one', 'two']},
    ],
    listFolder: (folder) => Promise.resolve(folders[folder] ?? []),
    onSubmit: say('submit'),
    onChange: () => undefined,
    onInterrupt: (isEmpty) => {
      events.push(['interrupt'])
      return isEmpty
    },
    onLeave: say('leave'),
    onInput(data, promptId) {
      events.push(['input', new TextDecoder().decode(data), promptId])
      return Promise.resolve()
    },
    program: () => program,
    hint: ({isAsking}) => (isAsking ? 'Ctrl-T answers it' : undefined),
    onRecall: () => isRecallUsed,
    onKey: (name) => name === 'ctrl-l' && events.push(['key', name]) > 0,
    onNotice: (text) => {
      if (text !== undefined) events.push(['notice', text])
    },
  })
})

test('a restored text fills an empty draft; beside another one it goes into the history', () => {
  composer.restore('make all')
  expect(written()).toBe('make all')
  composer.restore('rm -rf build')
  expect(written()).toBe('make all')
  expect(events).toContainEqual(['notice', expect.stringContaining('in the history')])
  key('up')
  expect(written()).toBe('rm -rf build')
  key('down')
  expect(written()).toBe('make all')
})

describe('where the history cannot be read', () => {
  const broken = (answers: boolean[]) => {
    const notices: (string | undefined)[] = []
    const mine = createComposer({
      history: createHistory(() =>
        answers.shift()
          ? Promise.resolve({entries: [{text: 'make', at: 0}], hasMore: false})
          : Promise.reject(new Error('no gateway')),
      ),
      onSubmit() {},
      onNotice: (text) => notices.push(text),
    })
    return {mine, notices, press: (name: string) => mine.press({kind: 'key', name})}
  }

  test('↑ says so, and the next ↑ tries again', async () => {
    const {mine, notices, press} = broken([false, true])
    press('up')
    await settle()
    expect(notices).toEqual(['Older prompts could not be read: ↑ tries again'])
    press('up')
    await settle()
    press('up')
    expect(mine.view.draft.text).toBe('make')
    expect(notices).toHaveLength(1)
  })

  test('Ctrl-R says so without asking for ever, and Ctrl-R again tries again', async () => {
    const {mine, press} = broken([false, true])
    press('ctrl-r')
    mine.press({kind: 'text', text: 'm'})
    await settle()
    expect(mine.view.overlay?.rows).toEqual([{text: 'older entries could not be read: Ctrl-R tries again'}])
    press('ctrl-r')
    await settle()
    expect(mine.view.overlay?.rows).toEqual([{text: 'make'}])
  })
})

describe('the history', () => {
  test('is recalled by ↑, and ↓ goes back to the draft', () => {
    type('draft')
    key('up', 'up', 'up')
    expect(written()).toBe('git push')
    key('down', 'down', 'down', 'down')
    expect(written()).toBe('draft')
    key('up', 'up', 'up', 'up', 'up', 'up')
    expect(written()).toBe('make')
  })

  test('is not recalled by an ↑ that onRecall used', () => {
    isRecallUsed = true
    key('up')
    expect(written()).toBe('')
  })

  test('starts from the newest text after the recalled one was deleted', () => {
    key('up', 'up', 'ctrl-u', 'up')
    expect(written()).toBe('make test')
  })

  test('is searched as the query is typed; Enter takes the match', () => {
    type('draft')
    key('ctrl-r')
    type('mak')
    expect(rows()).toEqual(['make test'])
    key('ctrl-r')
    expect(rows()).toEqual(['make'])
    key('ctrl-s')
    expect(rows()).toEqual(['make test'])
    expect(written()).toBe('draft')
    key('enter')
    expect([written(), overlay()]).toEqual(['make test', undefined])
    expect(events).toEqual([])
  })

  test('an editing key takes the match and edits it; Esc keeps the draft', () => {
    key('ctrl-r')
    type('push')
    key('ctrl-a')
    type('echo ')
    expect(written()).toBe('echo git push')
    key('ctrl-r')
    type('make')
    key('escape')
    expect(written()).toBe('echo git push')
    key('ctrl-r')
    type('no such')
    expect(rows()).toEqual(['no match'])
  })
})

describe('the menu of slash commands', () => {
  test('lists matches with descriptions; Tab completes, Enter submits', () => {
    type('/')
    expect(overlay()?.rows).toEqual([
      {text: '/quit', hint: 'leaves'},
      {text: '/queue', hint: 'shows what waits'},
      {text: '/title TITLE', hint: 'gives a title'},
    ])
    type('t')
    expect(rows()).toEqual(['/title TITLE'])
    key('tab')
    expect([written(), rows()]).toEqual(['/title ', ['one', 'two']])
    key('down', 'down', 'tab')
    expect(written()).toBe('/title two')
    key('enter')
    expect(events).toEqual([['submit', '/title two']])
  })

  test('Enter submits the draft, or the selected command', () => {
    type('/q')
    key('enter')
    type('/q')
    key('down', 'down', 'enter')
    expect(events).toEqual([
      ['submit', '/q'],
      ['submit', '/queue'],
    ])
  })

  test('Esc closes it until the draft is empty; a path or a recalled text opens none', () => {
    type('/')
    key('escape')
    expect(overlay()).toBeUndefined()
    type('q')
    expect(overlay()).toBeUndefined()
    key('ctrl-u')
    type('/q')
    expect(overlay()).toBeDefined()
    key('enter')
    key('up')
    expect([written(), overlay()]).toEqual(['/q', undefined])
    key('ctrl-u')
    type('/bin/l')
    expect(overlay()).toBeUndefined()
  })
})

describe('paths', () => {
  test('@ lists the folder; Tab enters a folder and escapes a file name for the shell', async () => {
    type('cat @s')
    await settle()
    expect(rows()).toEqual(['src/', 'setup.sh'])
    key('tab')
    await settle()
    expect([written(), rows()]).toEqual(['cat src/', ['main.ts', 'main.test.ts']])
    key('down', 'down', 'tab')
    await settle()
    expect([written(), overlay()]).toEqual(['cat src/main.test.ts ', undefined])
    type('@my')
    await settle()
    key('tab')
    expect(written()).toBe(String.raw`cat src/main.test.ts my\ notes.txt `)
  })

  test('without @, Tab completes to the common start of all matches and lists them', async () => {
    type('cat src/m')
    await settle()
    expect(overlay()).toBeUndefined()
    key('tab')
    await settle()
    expect([written(), rows()]).toEqual(['cat src/main.t', ['main.ts', 'main.test.ts']])
    key('escape')
    type('s')
    key('tab')
    await settle()
    expect(written()).toBe('cat src/main.ts ')
  })

  test('Enter inserts a selected path and submits nothing', async () => {
    folders['/'] = ['etc/', 'env']
    type('/e')
    key('tab')
    await settle()
    expect(rows()).toEqual(['etc/', 'env'])
    key('down', 'enter')
    await settle()
    expect([written(), events]).toEqual(['/etc/', []])
  })

  test('hidden files are listed after a dot', async () => {
    type('ls @.')
    await settle()
    expect(rows()).toEqual(['.git/'])
  })
})

describe('input for the running program', () => {
  beforeEach(() => run(running('python3')))

  test('is sent after Ctrl-T, each line with a carriage return', () => {
    type('half')
    key('ctrl-t')
    expect([composer.view.mode, written()]).toEqual(['input', ''])
    type('print(1)')
    key('enter')
    key('ctrl-d')
    expect(events).toEqual([
      ['input', 'print(1)\r', 'python3'],
      ['input', '\u0004', 'python3'],
    ])
    key('escape')
    expect([composer.view.mode, written()]).toEqual(['prompt', 'half'])
  })

  test('ends with the program, and its draft is dropped', () => {
    key('ctrl-t')
    type('secret')
    run(running('rm -i x'))
    expect([composer.view.mode, written()]).toEqual(['prompt', ''])
    key('up')
    expect(written()).toBe('make test')
    key('ctrl-u', 'ctrl-y')
    expect(written()).toBe('make test')
  })

  test('is not shown while the program reads a secret', () => {
    key('ctrl-t')
    type('hunter2')
    const seen = () => stripVTControlCharacters(draftRows(composer.view, {columns: 20, rows: 3}).join('\n'))
    expect(seen()).toBe('» hunter2 ')
    run(running('python3', {isSecret: true}))
    expect(seen()).toBe('»  ')
    key('enter', 'escape')
    expect(events).toEqual([['input', 'hunter2\r', 'python3']])
    type('ls')
    expect(seen()).toBe('❯ ls ')
  })

  test('the hint is updated when the program changes', () => {
    expect(composer.view.hint).toBeUndefined()
    run(running('python3', {isAsking: true}))
    expect(composer.view.hint).toBe('Ctrl-T answers it')
    run(running('python3'))
    expect(composer.view.hint).toBeUndefined()
  })

  test('is refused when no program runs', () => {
    run(undefined)
    key('ctrl-t')
    expect(composer.view.mode).toBe('prompt')
    expect(events).toEqual([['notice', 'No program runs that could read input']])
  })
})

test('Ctrl-D deletes a character, and leaves in an empty draft', () => {
  type('a')
  key('left', 'ctrl-d')
  expect(events).toEqual([])
  key('ctrl-d')
  expect(events).toEqual([['leave']])
})

test('a question takes all keys but Ctrl-C; Enter confirms, Esc does not', () => {
  const ask = () => composer.ask({title: 'Really?', yes: 'does it', no: 'does not', onYes: () => events.push(['yes'])})
  ask()
  type('x')
  key('ctrl-c', 'escape')
  expect([written(), overlay(), events]).toEqual(['', undefined, [['interrupt']]])
  ask()
  key('enter')
  expect(events.at(-1)).toEqual(['yes'])
})

test('Ctrl-L goes to the screen, whatever overlay is open', () => {
  key('ctrl-r', 'ctrl-l')
  expect(events).toEqual([['key', 'ctrl-l']])
  expect(overlay()?.title).toBe('history: ▏')
})

test('a paste beyond the bound is refused and the draft is kept', () => {
  type('a')
  composer.paste('x'.repeat(4 * 1024 * 1024))
  expect(written()).toBe('a')
  expect(events).toEqual([
    ['notice', 'Expected at most 4,194,304 characters in a prompt, got 4,194,305: nothing was added'],
  ])
})
