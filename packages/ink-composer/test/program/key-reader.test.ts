import {beforeEach, describe, expect, test} from 'vitest'

import type {InputResult} from '../../src/composer.ts'
import {keyBytes} from '../../src/program/key-bytes.ts'
import {running, settle, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, waited, key, type, written, seen, run, setResults} = useComposer()

const sent = (...keys: string[]) => keys.map((each) => ['input', each, 'ask', 'key'])
const hint = () => opened.composer.view.hint

describe('a program that reads a key', () => {
  beforeEach(() => run(running('ask', 'key')))

  test('gets each key at once, without Enter', async () => {
    expect([seen(), hint()]).toEqual(['»', 'key'])
    type('y')
    expect([seen(), events]).toEqual(['»', sent('y')])
    await settle()
    for (const name of ['enter', 'escape', 'up', 'ctrl-d', 'tab']) {
      key(name)
      await settle()
    }
    expect(events).toEqual(sent('y', '\r', '\u001b', '\u001b[A', '\u0004', '\t'))
    expect(opened.saved).toBeUndefined()
  })

  test('gets keys that come at once one after the other', async () => {
    type('yé\u{1f980}')
    key('enter')
    expect(events).toEqual(sent('y'))
    for (let turn = 0; turn < 4; turn++) await settle()
    expect(events).toEqual(sent('y', 'é', '\u{1f980}', '\r'))
  })

  test('leaves Ctrl-T, Ctrl-C and the keys of the screen their use', async () => {
    key('ctrl-t')
    expect(seen()).toBe('❯')
    type('make')
    key('enter', 'ctrl-c', 'ctrl-o', 'ctrl-z', 'ctrl-l')
    await settle()
    expect(events).toEqual([
      ['submit', 'make'],
      ['interrupt'],
      ...['ctrl-o', 'ctrl-z', 'ctrl-l'].map((name) => ['key', name]),
    ])
  })

  test('gets nothing of a prompt that was begun before: it stays, marked', async () => {
    run(undefined)
    type('git')
    run(running('ask', 'key'))
    expect([seen(), hint()]).toEqual(['❯ git', 'typed before'])
    type(' log')
    expect(events).toEqual([])
    key('ctrl-t')
    type('y')
    await settle()
    expect(events).toEqual(sent('y'))
    run(undefined)
    expect(seen()).toBe('❯ git log')
  })

  test('gets a line that was begun before only when the user presses Enter, and without that Enter', async () => {
    run(running('ask'))
    key('ctrl-t')
    type('y')
    run(running('ask', 'key'))
    expect([seen(), hint(), events]).toEqual(['» y', 'typed before', []])
    key('enter')
    await settle()
    expect(events).toEqual([['input', 'y', 'ask']])
    expect(waited).toEqual([true])
  })

  test('gets no paste before Enter', async () => {
    opened.composer.paste('yes')
    expect([seen(), hint(), events]).toEqual(['» yes', 'typed before', []])
    key('ctrl-u')
    type('y')
    expect(events).toEqual(sent('y'))
  })

  test('and then a line, gets what is typed behind the key as that line', async () => {
    setResults('sent', 'changed')
    type('yAda')
    await settle()
    await settle()
    expect([seen(), hint(), events]).toEqual(['» Ada', 'line', sent('y', 'A')])
    opened.composer.refresh()
    key('enter')
    await settle()
    expect(events.at(-1)).toEqual(['input', 'Ada\r', 'ask'])
    for (const next of [running('ask', 'line'), running('ask', 'key')]) run(next)
    type('n')
    expect(events.at(-1)).toEqual(['input', 'n', 'ask', 'key'])
  })

  test('and then a line, does not get an Enter that is pressed behind the key', async () => {
    setResults('sent', 'changed')
    type('y')
    key('enter')
    await settle()
    await settle()
    run(running('ask', 'line'))
    expect([seen(), events]).toEqual(['»', sent('y', '\r')])
  })

  test('and then a secret, gets nothing of what is typed behind the key', async () => {
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise, 'changed')
    type('y')
    type('hunter2')
    run(running('ask', 'hidden'))
    first.resolve('sent')
    await settle()
    expect(seen()).toBe('» •••••••')
    run(running('ask', 'none'))
    expect(seen()).toBe('❯')
    expect(events).toEqual([...sent('y'), ['notice', expect.stringContaining('thrown away')]])
  })

  test.each(['before its screen shows that', 'and the screen shows that'])(
    'and has ended: what the user types behind the key becomes a marked prompt, %s',
    async (when) => {
      const first = Promise.withResolvers<InputResult>()
      setResults(first.promise, 'ended')
      type('yl')
      type('s')
      key('enter')
      opened.program = undefined
      if (when.startsWith('and')) opened.composer.refresh()
      first.resolve('sent')
      await settle()
      await settle()
      expect([seen(), hint(), opened.saved]).toEqual(['❯ ls', 'typed before', undefined])
      key('enter')
      expect(events).toEqual(sent('y'))
      key('enter')
      expect(events.at(-1)).toEqual(['submit', 'ls'])
    },
  )

  test.each([
    ['late', ['notice', expect.stringContaining('does not read'), {forMs: 10_000}]],
    ['unknown', ['notice', expect.stringContaining('connection was lost')]],
  ] as const)('keeps a key that it may not have got, with what was typed behind it: %s', async (result, notice) => {
    setResults(result)
    type('y')
    type('es')
    await settle()
    expect([seen(), hint()]).toEqual(['» yes', 'typed before'])
    expect(events.at(-1)).toEqual(notice)
    key('ctrl-u')
    setResults(result)
    key('up')
    await settle()
    expect([written(), events.at(-1)]).toEqual(['', notice])
  })
})

test.each([
  ['ctrl-a', '\u0001'],
  ['ctrl-]', '\u001d'],
  ['ctrl-_', '\u001f'],
  ['alt-b', '\u001bb'],
  ['page-up', '\u001b[5~'],
  ['ctrl-left', undefined],
])('%s is %j for a program', (name, bytes) => {
  expect(keyBytes(name)).toBe(bytes)
})
