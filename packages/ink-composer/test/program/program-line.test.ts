import {stripVTControlCharacters} from 'node:util'

import {beforeEach, describe, expect, test} from 'vitest'

import {draftRows} from '../../src/composer-rows.ts'
import {running, settle, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, key, type, written, seen, run} = useComposer()

describe('a program that reads a line', () => {
  beforeEach(() => run(running('python3', 'line')))

  test('gets the composer; a command is one key away, and after it the composer is the program’s again', async () => {
    expect(seen()).toBe('»')
    type('print(1)')
    key('enter')
    key('ctrl-d')
    await settle()
    expect(events).toEqual([
      ['input', 'print(1)\r', 'python3'],
      ['input', '\u0004', 'python3'],
    ])
    key('ctrl-t')
    type('make')
    expect(seen()).toBe('❯ make')
    key('enter')
    expect(events.at(-1)).toEqual(['submit', 'make'])
    expect(seen()).toBe('»')
    key('escape')
    expect(seen()).toBe('❯')
    key('escape')
    expect(seen()).toBe('»')
  })

  test('its answers are recalled in its own line only, and commands in theirs', async () => {
    type('print(1)')
    key('enter', 'up')
    await settle()
    expect(seen()).toBe('» print(1)')
    key('up', 'ctrl-c', 'ctrl-t', 'up')
    expect(seen()).toBe('❯ make test')
    run(undefined)
    key('up', 'up', 'up', 'up')
    expect(seen()).not.toContain('print')
  })

  test('gets a tab as a part of its line: the text is not completed as a command', async () => {
    type('if x:')
    key('enter')
    await settle()
    key('tab')
    type('import o')
    key('tab', 'enter')
    await settle()
    expect(events.at(-1)).toEqual(['input', '\timport o\t\r', 'python3'])
  })

  test('begins its line with its own prompt', () => {
    const prompt = {text: '>>> ', columns: 4}
    const drawn = () =>
      draftRows(opened.composer.view, {columns: 12, rows: 3}, prompt).map((row) =>
        stripVTControlCharacters(row).trimEnd(),
      )
    type('print(1)')
    expect(drawn()).toEqual(['» >>> print(', '  1)'])
  })

  test('that ends leaves its line as a prompt that one Enter does not run', () => {
    type('yes')
    run(undefined)
    expect([seen(), opened.composer.view.hint]).toEqual(['❯ yes', 'typed before'])
    key('enter')
    expect([seen(), opened.composer.view.hint, events]).toEqual(['❯ yes', 'confirmed', []])
    key('enter')
    expect(events).toEqual([['submit', 'yes']])
  })

  test('that ends leaves a line that is saved only once the user edits it: it may be a password', () => {
    type('hunter2')
    run(undefined)
    key('left')
    expect([seen(), opened.saved]).toEqual(['❯ hunter2', undefined])
    key('ctrl-a')
    type('#')
    expect(opened.saved).toBe('#hunter2')
  })

  test('that ends beside a prompt leaves its line to Ctrl-Y', () => {
    key('ctrl-t')
    type('make ')
    key('ctrl-t')
    type('all')
    run(running('another'))
    expect(seen()).toBe('❯ make')
    key('ctrl-y')
    expect(seen()).toBe('❯ make all')
  })
})

describe('what was typed for a program that has ended, and was put back', () => {
  test('is marked and not saved, and the second Enter submits it', () => {
    run(running('vim', 'terminal'))
    opened.composer.putBack(':wq')
    run(undefined)
    expect(opened.composer.view).toMatchObject({draft: {text: ':wq'}, isMarked: true})
    key('enter')
    expect(events).toEqual([])
    expect([opened.saved, opened.typed]).not.toContain(':wq')
    key('enter')
    expect(events.at(-1)).toEqual(['submit', ':wq'])
  })

  test('is saved when the user edits it, and stays marked until Enter takes the mark away, or nothing of it is left', () => {
    opened.composer.putBack('git')
    type(' log')
    expect([opened.saved, opened.composer.view.isMarked]).toEqual(['git log', true])
    key('enter')
    expect([events, opened.composer.view.isMarked]).toEqual([[], false])
    key('enter')
    expect(events).toEqual([['submit', 'git log']])
    opened.composer.putBack('git')
    key('ctrl-u')
    type('ls')
    key('enter')
    expect(events.at(-1)).toEqual(['submit', 'ls'])
  })

  test('is confirmed from the first Enter until it is submitted, or another text stands there', () => {
    const hint = () => opened.composer.view.hint
    opened.composer.putBack('git')
    expect(hint()).toBe('typed before')
    key('enter')
    expect(hint()).toBe('confirmed')
    type(' log')
    expect(hint()).toBe('confirmed')
    key('enter')
    expect(hint()).toBeUndefined()
    opened.composer.putBack('git')
    key('enter', 'ctrl-u')
    type('ls')
    expect(hint()).toBeUndefined()
  })

  test.each(['!!', 'echo \\'])('and is %s, neither expanded nor continued by the first Enter', async (text) => {
    opened.composer.putBack(text)
    key('enter')
    await settle()
    expect([written(), events, opened.composer.view.isMarked]).toEqual([text, [], false])
    key('enter')
    await settle()
    expect(written()).toBe(text === '!!' ? 'make test' : `${text}\n`)
    expect(events).not.toContainEqual(['submit', expect.anything()])
  })

  test('is marked after an answer that its program had not yet read, too', async () => {
    run(running('ask', 'line'))
    type('y')
    key('enter')
    await settle()
    opened.composer.putBack('secret')
    run(undefined)
    expect(opened.composer.view.isMarked).toBe(true)
  })

  test('is inserted by Ctrl-Y beside another draft', () => {
    type('echo ')
    opened.composer.putBack('one')
    expect([written(), opened.saved]).toEqual(['echo ', 'echo '])
    key('ctrl-y')
    expect(written()).toBe('echo one')
  })
})

describe('a program that begins to read', () => {
  beforeEach(() => run(running('apt')))

  test('gets an empty composer, but not a prompt that was begun before', async () => {
    type('ls')
    run(running('apt', 'line'))
    expect([seen(), opened.composer.view.hint]).toEqual(['❯ ls', 'typed before'])
    key('ctrl-t')
    expect(seen()).toBe('»')
    type('y')
    key('enter')
    key('ctrl-t')
    await settle()
    expect(seen()).toBe('❯ ls')
    key('enter')
    expect(events).toEqual([
      ['input', 'y\r', 'apt'],
      ['submit', 'ls'],
    ])
    expect(seen()).toBe('»')
  })

  test('gets no key that was pressed before the next frame', () => {
    opened.program = running('apt', 'line')
    type('ls')
    opened.composer.refresh()
    expect([seen(), opened.composer.view.hint]).toEqual(['❯ ls', 'typed before'])
  })

  test('and then nothing more keeps what was begun for it', () => {
    run(running('apt', 'line'))
    type('half')
    run(running('apt'))
    expect([seen(), opened.composer.view.hint]).toEqual(['» half', 'typed before'])
    key('ctrl-u')
    expect(seen()).toBe('❯')
  })

  test('is sent a line after Ctrl-T also while it reads nothing', async () => {
    type('half')
    key('ctrl-t')
    type('early')
    key('enter')
    expect(events).toEqual([['input', 'early\r', 'apt']])
    key('escape')
    await settle()
    expect(seen()).toBe('❯ half')
  })

  test('shows a prompt that was refused, instead of its empty line', () => {
    type('y')
    key('enter')
    run(running('apt', 'line'))
    opened.composer.restore('y')
    expect([seen(), opened.composer.view.hint]).toEqual(['❯ y', 'typed before'])
  })
})

test('Ctrl-T says that no program runs', () => {
  key('ctrl-t')
  expect(seen()).toBe('❯')
  expect(events).toEqual([['notice', 'No program runs that could read input']])
})
