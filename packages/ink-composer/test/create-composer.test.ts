import {describe, expect, test} from 'vitest'

import {createComposer} from '../src/create-composer.ts'
import {createHistory} from '../src/history/history.ts'
import {running, settle, useComposer} from './fixtures/use-composer.ts'

const {opened, events, key, type, written, overlay, rows, run} = useComposer()

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

  test('stays open while a program starts, reads something else and ends', () => {
    type('/')
    for (const next of [running('a', 'none'), running('a', 'terminal'), running('b', 'line'), undefined]) {
      run(next)
      expect([rows()?.length, opened.typed]).toEqual([3, '/'])
    }
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
    opened.folders['/'] = ['etc/', 'env']
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

test('Ctrl-D deletes a character, and leaves in an empty draft', () => {
  type('a')
  key('left', 'ctrl-d')
  expect(events).toEqual([])
  key('ctrl-d')
  expect(events).toEqual([['leave']])
})

test('a question takes all keys but Ctrl-C; Enter confirms, Esc does not', () => {
  const ask = () =>
    opened.composer.ask({title: 'Really?', yes: 'does it', no: 'does not', onYes: () => events.push(['yes'])})
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
  opened.composer.paste('x'.repeat(4 * 1024 * 1024))
  expect(written()).toBe('a')
  expect(events).toEqual([
    ['notice', 'Expected at most 4,194,304 characters in a prompt, got 4,194,305: nothing was added'],
  ])
})

describe('Ctrl-X Ctrl-E', () => {
  const withEditor = (onEdit: (text: string) => Promise<string | undefined>) => {
    const mine = createComposer({
      history: createHistory(() => Promise.resolve({entries: []})),
      onSubmit: (text) => events.push(['submit', text]),
      onChange: (text) => (opened.saved = text),
      onNotice: (text) => events.push(['notice', text]),
      program: () => opened.program,
      onEdit,
    })
    const press = (...names: string[]) => names.forEach((name) => mine.press({kind: 'key', name}))
    return {mine, press}
  }

  test('lets the draft be edited elsewhere; the text comes back, and nothing runs', async () => {
    const {mine, press} = withEditor((text) => Promise.resolve(`${text} two`))
    mine.press({kind: 'text', text: 'echo one'})
    press('ctrl-x', 'ctrl-e')
    await settle()
    expect([mine.view.draft.text, events]).toEqual(['echo one two', []])
    press('ctrl-_')
    expect(mine.view.draft.text).toBe('echo one')
  })

  test('keeps the draft if the editor fails; any other key after Ctrl-X is itself', async () => {
    const {mine, press} = withEditor(() => Promise.resolve(undefined))
    mine.press({kind: 'text', text: 'one'})
    press('ctrl-x', 'ctrl-e')
    await settle()
    press('ctrl-x', 'ctrl-a')
    mine.press({kind: 'text', text: 'echo '})
    press('ctrl-e')
    mine.press({kind: 'text', text: '!'})
    expect(mine.view.draft.text).toBe('echo one!')
  })

  test.each(['before', 'after'])(
    'keeps the edited text as the prompt if a program hides what is typed %s the editor ends',
    async (when) => {
      opened.program = running('a')
      const hide = () => {
        opened.program = running('a', 'hidden')
        mine.refresh()
      }
      const {mine, press} = withEditor(() => {
        if (when === 'before') hide()
        return Promise.resolve('make\nmake install')
      })
      mine.refresh()
      mine.press({kind: 'text', text: 'make'})
      mine.snapshot()()
      press('ctrl-x', 'ctrl-e')
      await settle()
      if (when === 'after') hide()
      expect([mine.view.target, mine.view.draft.text, opened.saved]).toEqual(['hidden', '', 'make\nmake install'])
      const notice = 'The program hides what is typed: the edited text waits in the prompt'
      expect(events).toEqual(when === 'before' ? [['notice', notice]] : [])
      opened.program = undefined
      mine.refresh()
      expect([mine.view.target, mine.view.draft.text]).toEqual(['prompt', 'make\nmake install'])
      press('ctrl-_')
      expect(mine.view.draft.text).toBe('make')
    },
  )
})

test('Ctrl-S submits a prompt as well, and says that it is urgent', () => {
  type('make')
  key('ctrl-s')
  expect([events, written()]).toEqual([[['submit now', 'make']], ''])
})

test('an overlay is told of keys that were pressed before those in front of them were taken', async () => {
  const pressed: unknown[] = []
  const {promise, resolve} = Promise.withResolvers<boolean>()
  const composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: []})),
    isIncomplete: () => promise,
    onSubmit() {},
  })
  composer.press({kind: 'text', text: 'make'})
  composer.press({kind: 'key', name: 'enter'})
  composer.open(() => ({
    view: {rows: []},
    press(pressedKey, {isLate}) {
      pressed.push([pressedKey.kind === 'text' && pressedKey.text, isLate])
      return true
    },
  }))
  composer.press({kind: 'text', text: '1'})
  resolve(false)
  await settle()
  composer.press({kind: 'text', text: '2'})
  expect(pressed).toEqual([
    ['1', true],
    ['2', false],
  ])
})

test('where @ mentions files, Tab keeps it, and quotes a path with a blank', async () => {
  const composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: []})),
    listFolder: (folder) => Promise.resolve(folder === '' ? ['src/', 'my notes.txt'] : ['main.ts', 'main.test.ts']),
    completeLine: () => Promise.reject(new Error('Expected a mention not to be asked of the shell')),
    mentions: () => true,
    onSubmit() {},
  })
  const complete = async (text: string) => {
    composer.press({kind: 'text', text})
    await settle()
    composer.press({kind: 'key', name: 'tab'})
    await settle()
    return composer.view.draft.text
  }
  expect(await complete('Look at @s')).toBe('Look at @src/')
  expect(await complete('main.ts')).toBe('Look at @src/main.ts ')
  expect(await complete('and @my')).toBe('Look at @src/main.ts and @"my notes.txt" ')
})

test('a paste can become something else; keys behind it wait', async () => {
  const {promise, resolve} = Promise.withResolvers<undefined>()
  const chip = {text: '@/a.png ', collapsed: [{start: 0, end: 7, label: '[a.png]'}]}
  const composer = createComposer({
    history: createHistory(() => Promise.resolve({entries: []})),
    readPaste: (text) => (text === '/a.png' ? promise.then(() => chip) : undefined),
    onSubmit() {},
  })
  composer.paste('text ')
  composer.paste('/a.png')
  composer.press({kind: 'text', text: 'x'})
  expect(composer.view.draft.text).toBe('text ')
  resolve(undefined)
  await settle()
  expect(composer.view.draft.text).toBe('text @/a.png x')
  expect(composer.view.draft.collapsed).toMatchObject([{start: 5, end: 12, label: '[a.png]'}])
})
