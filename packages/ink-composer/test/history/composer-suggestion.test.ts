import {stripVTControlCharacters} from 'node:util'

import {beforeEach, describe, expect, test} from 'vitest'

import type {Composer} from '../../src/composer.ts'
import {draftRows} from '../../src/composer-rows.ts'
import {createComposer} from '../../src/create-composer.ts'
import {createHistory} from '../../src/history/history.ts'
import {running, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, key, written} = useComposer()

describe('the suggestion', () => {
  const entries = [
    {text: 'git push --tags', at: 3, folder: '~/b'},
    {text: 'git push origin main\ngit status', at: 2, folder: '~/a'},
    {text: 'make', at: 1},
  ]
  let folder: string | undefined
  let mine: Composer
  const press = (...names: string[]) => names.forEach((name) => mine.press({kind: 'key', name}))
  const write = (text: string) => mine.press({kind: 'text', text})
  const shown = () => draftRows(mine.view, {columns: 12, rows: 9}).map((row) => stripVTControlCharacters(row))

  beforeEach(async () => {
    folder = undefined
    const history = createHistory(() => Promise.resolve({entries}))
    await history.loadMore()
    mine = createComposer({
      history,
      suggests: true,
      folder: () => folder,
      commands: [{name: '/quit', description: 'leaves'}],
      program: () => running('p'),
      onSubmit: (text) => events.push(['submit', text]),
      onChange: (text) => events.push(['changed', text]),
    })
  })

  test('is the rest of the newest text that begins with the draft, of one of the same folder if there is one', () => {
    expect(mine.view.suggestion).toBeUndefined()
    write('git')
    expect(mine.view.suggestion).toBe(' push --tags')
    folder = '~/a'
    write(' p')
    expect(mine.view.suggestion).toBe('ush origin main\ngit status')
    write('x')
    expect(mine.view.suggestion).toBeUndefined()
  })

  test('is taken as a whole by → and End, and word by word by Alt-→; it can be undone', () => {
    write('git')
    press('alt-right')
    expect([mine.view.draft.text, mine.view.suggestion]).toEqual(['git push', ' --tags'])
    press('alt-f')
    expect(mine.view.draft.text).toBe('git push --tags')
    press('ctrl-_', 'ctrl-_')
    expect([mine.view.draft.text, mine.view.suggestion]).toEqual(['git', ' push --tags'])
    for (const name of ['right', 'end', 'ctrl-e', 'ctrl-f']) {
      press(name)
      expect([mine.view.draft.text, mine.view.suggestion]).toEqual(['git push --tags', undefined])
      press('ctrl-_')
    }
  })

  test('is no part of the draft: neither saved nor submitted', () => {
    write('git')
    press('enter')
    expect(events).toEqual([
      ['changed', 'git'],
      ['changed', ''],
      ['submit', 'git'],
    ])
  })

  test('is there only at the end of the draft, without an overlay or a menu, and not for input to a program', () => {
    write('git')
    press('left')
    expect(mine.view.suggestion).toBeUndefined()
    press('right')
    expect(mine.view.suggestion).toBe(' push --tags')
    press('ctrl-r')
    expect(mine.view.suggestion).toBeUndefined()
    press('escape')
    expect(mine.view.suggestion).toBe(' push --tags')
    press('ctrl-t')
    write('git')
    expect(mine.view).toMatchObject({target: 'program', suggestion: undefined})
    press('ctrl-t', 'ctrl-u')
    write('/q')
    expect(mine.view.suggestion).toBeUndefined()
  })

  test('is not there for a recalled text, until something is typed', async () => {
    const history = createHistory(() => Promise.resolve({entries: [{text: 'ls'}, {text: 'ls -la'}]}))
    await history.loadMore()
    mine = createComposer({history, suggests: true, onSubmit() {}})
    press('up')
    expect(mine.view).toMatchObject({draft: {text: 'ls'}, suggestion: undefined})
    write(' ')
    expect(mine.view.suggestion).toBe('-la')
  })

  test('is wrapped with the draft, the cursor on its first character', () => {
    folder = '~/a'
    write('git p')
    expect(shown()).toEqual(['❯ git push o', '  rigin main', '… git status'])
    expect(draftRows(mine.view, {columns: 12, rows: 9})[0]).toContain('git p\u001b[7mu\u001b[27m')
  })

  test('is not there in a terminal that cannot dim it', () => {
    opened.composer.press({kind: 'text', text: 'mak'})
    expect(opened.composer.view.suggestion).toBeUndefined()
    key('right', 'end', 'alt-f')
    expect(written()).toBe('mak')
  })
})
