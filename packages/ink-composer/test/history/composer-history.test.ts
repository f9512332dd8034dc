import {stripVTControlCharacters} from 'node:util'

import {describe, expect, test, vi} from 'vitest'

import {overlayRows} from '../../src/composer-rows.ts'
import {createComposer} from '../../src/create-composer.ts'
import {createHistory} from '../../src/history/history.ts'
import {settle, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, key, type, written, overlay, rows} = useComposer()

test('a restored text fills an empty draft; beside another one it goes into the history', () => {
  opened.composer.restore('make all')
  expect(written()).toBe('make all')
  opened.composer.restore('rm -rf build')
  expect(written()).toBe('make all')
  expect(events).toContainEqual(['notice', expect.stringContaining('in the history')])
  key('up')
  expect(written()).toBe('rm -rf build')
  key('down')
  expect(written()).toBe('make all')
})

test('Enter expands what names an earlier command, and submits that when it is pressed again', async () => {
  type('sudo !!')
  key('enter')
  await settle()
  expect([written(), events]).toEqual(['sudo make test', [['notice', expect.stringContaining('Enter runs it')]]])
  key('enter')
  expect(events.at(-1)).toEqual(['submit', 'sudo make test'])
  for (const text of ['! false', '/title !!']) {
    type(text)
    key('enter')
    await settle()
    expect(events.at(-1)).toEqual(['submit', text])
  }
})

test('what the user takes back of an expansion is submitted as it is written; typed again, it is expanded again', async () => {
  type('sudo !!')
  key('enter')
  await settle()
  key('ctrl-_')
  expect(written()).toBe('sudo !!')
  key('enter')
  expect(events.at(-1)).toEqual(['submit', 'sudo !!'])
  type('echo !make')
  key('enter')
  await settle()
  expect(written()).toBe('echo make test')
  key('ctrl-u')
  type('echo !make')
  key('enter')
  await settle()
  expect(written()).toBe('echo make test')
})

test('Enter waits a second for a history that is being read, and then submits the text as it is', async () => {
  vi.useFakeTimers()
  const submitted: string[] = []
  const mine = createComposer({
    history: createHistory(() => new Promise(() => {})),
    expandsHistory: () => true,
    onSubmit: (text) => submitted.push(text),
  })
  mine.press({kind: 'text', text: 'sudo !!'})
  mine.press({kind: 'key', name: 'enter'})
  await vi.advanceTimersByTimeAsync(1000)
  vi.useRealTimers()
  expect(submitted).toEqual(['sudo !!'])
})

describe('where the history cannot be read', () => {
  const broken = (answers: boolean[]) => {
    const notices: (string | undefined)[] = []
    const mine = createComposer({
      history: createHistory(() =>
        answers.shift() ? Promise.resolve({entries: [{text: 'make', at: 0}]}) : Promise.reject(new Error('no gateway')),
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
    await settle()
    expect(mine.view.overlay?.footer).toContain('older entries could not be read: Ctrl-R tries again')
    press('ctrl-r')
    await settle()
    expect(mine.view.overlay).toMatchObject({rows: [{text: 'make'}], selected: 0})
    expect(mine.view.overlay?.footer).not.toContain('could not be read')
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
    opened.isRecallUsed = true
    key('up')
    expect(written()).toBe('')
  })

  test('starts from the newest text after the recalled one was deleted', () => {
    key('up', 'up', 'ctrl-u', 'up')
    expect(written()).toBe('make test')
  })

  test('Ctrl-R lists it; typing narrows it, and Enter takes the chosen text without running it', () => {
    type('draft')
    key('ctrl-r')
    expect([rows(), overlay()?.selected]).toEqual([['make test', 'ls', 'git push', 'make'], 0])
    type('mak')
    expect(rows()).toEqual(['make test', 'make'])
    key('ctrl-r')
    expect(overlay()?.selected).toBe(1)
    key('ctrl-s', 'ctrl-s')
    expect(overlay()?.selected).toBe(0)
    key('down', 'backspace')
    expect(overlay()?.selected).toBe(0)
    expect(written()).toBe('draft')
    key('enter')
    expect([written(), overlay()]).toEqual(['make test', undefined])
    expect(events).toEqual([])
  })

  test('Ctrl-R shows how each text ended, how long ago and where, in columns; a text of several lines is one row', async () => {
    const at = (ms: number) => Date.now() - ms
    const entries = [
      {text: 'for i in 1 2\ndo make\ndone', at: at(0), outcome: '✓', folder: '~/a'},
      {text: 'make', at: at(61_000), outcome: '✗ 130', folder: '/srv/a/very/long/folder/of/mine'},
      {text: 'ls', at: at(3 * 86_400_000)},
      {text: 'cd'},
    ]
    const history = createHistory(() => Promise.resolve({entries}))
    await history.loadMore()
    const mine = createComposer({history, onSubmit() {}})
    mine.press({kind: 'key', name: 'ctrl-r'})
    const drawn = (columns: number) =>
      overlayRows(mine.view, {columns, rows: 9}).map((row) => stripVTControlCharacters(row).trimEnd())
    expect(drawn(80).slice(1, -1)).toEqual([
      '  for i in 1 2 ⏎ do make ⏎ done  ✓        now  ~/a',
      '  make                           ✗ 130  1 min  …ery/long/folder/of/mine',
      '  ls                                      3 d',
      '  cd',
    ])
    // Where there is no room for folders, the rest is whole.
    expect(drawn(40).slice(1, -1)).toEqual([
      '  for i in 1 2 ⏎ do make …  ✓        now',
      '  make                      ✗ 130  1 min',
      '  ls                                 3 d',
      '  cd',
    ])
    expect(drawn(62)[2]).toBe('  make                           ✗ 130  1 min  …folder/of/mine')
    mine.press({kind: 'text', text: 'done'})
    expect(drawn(40)[1]).toMatch(/^ {2}…in 1 2 ⏎ do make ⏎ done {2}✓/)
    mine.press({kind: 'key', name: 'ctrl-u'})
    mine.press({kind: 'text', text: 'do m'})
    expect(drawn(34)[1]).toMatch(/^ {2}… 2 ⏎ do make ⏎ do… {2}✓/)
  })

  test('Ctrl-R finds letters that are apart, after the texts that contain the query', () => {
    key('ctrl-r')
    type('mt')
    expect(rows()).toEqual(['make test'])
    key('ctrl-u')
    type('gpu')
    expect(rows()).toEqual(['git push'])
  })

  test('an editing key takes the chosen text and edits it; Esc keeps the draft', () => {
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

  test('does not get a line that begins with a blank', () => {
    type(' export TOKEN=1')
    key('enter', 'up')
    expect(written()).toBe('make test')
    expect(events).toEqual([['submit', ' export TOKEN=1']])
  })

  test('Alt-. inserts the last word of the previous command, and again, that of the one before', () => {
    type('cat ')
    key('alt-.')
    expect(written()).toBe('cat test')
    key('alt-.')
    expect(written()).toBe('cat ls')
    key('alt-.')
    expect(written()).toBe('cat push')
    type('!')
    key('alt-.')
    expect(written()).toBe('cat push!test')
    key('ctrl-_', 'ctrl-_')
    expect(written()).toBe('cat push')
    key('alt-.', 'alt-.', 'alt-.', 'alt-.', 'alt-.')
    expect(written()).toBe('cat pushmake')
  })

  test('Alt-. takes no word of a command of the screen', () => {
    type('/search boom')
    key('enter')
    type('cat ')
    key('alt-.')
    expect(written()).toBe('cat test')
  })
})
