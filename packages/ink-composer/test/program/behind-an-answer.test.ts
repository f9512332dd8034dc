import {beforeEach, describe, expect, test} from 'vitest'

import type {InputResult} from '../../src/composer.ts'
import {running, settle, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, waited, key, type, written, seen, run, setResults} = useComposer()

describe('what is typed behind an answer', () => {
  beforeEach(() => run(running('ask', 'line')))

  test('waits until the program has the answer, then is its next line; each line of a paste is one', async () => {
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise)
    type('ada')
    key('enter')
    type('two')
    expect(seen()).toBe('»')
    first.resolve('sent')
    await settle()
    expect(seen()).toBe('» two')
    opened.composer.paste('\nthree')
    key('enter')
    await settle()
    expect(events.slice(-3)).toEqual(['ada', 'two', 'three'].map((line) => ['input', `${line}\r`, 'ask']))
  })

  test.each(['before its screen shows that', 'and the screen shows that'])(
    'is one marked prompt, neither sent nor submitted nor saved, if the program has ended, %s',
    async (when) => {
      const last = Promise.withResolvers<InputResult>()
      setResults('sent', last.promise)
      type('ada')
      key('enter')
      opened.composer.paste('ls\nwho')
      key('enter')
      type('git')
      key('escape', 'ctrl-t', 'ctrl-d')
      await settle()
      opened.program = undefined
      if (when.startsWith('and')) opened.composer.refresh()
      last.resolve('ended')
      await settle()
      expect([seen(), opened.composer.view.hint, opened.saved]).toEqual([
        '❯ ls\n… who\n… git',
        'typed before',
        undefined,
      ])
      const sent = ['ada', 'ls'].map((line) => ['input', `${line}\r`, 'ask'])
      key('enter')
      expect([events, opened.composer.view.hint]).toEqual([sent, 'confirmed'])
      key('enter')
      expect(events).toEqual([...sent, ['submit', 'ls\nwho\ngit']])
    },
  )

  test('is a marked prompt if the program ends while it gets the answer, also where another program runs by then', async () => {
    for (const next of [undefined, running('next'), running('next', 'line')]) {
      run(running('ask', 'line'))
      const first = Promise.withResolvers<InputResult>()
      setResults(first.promise)
      type('ada')
      key('enter')
      type('ls')
      key('enter')
      run(next)
      first.resolve('sent')
      await settle()
      expect([seen(), opened.composer.view.hint]).toEqual(['❯ ls', 'typed before'])
      key('ctrl-u')
    }
    expect(events).toEqual([1, 2, 3].map(() => ['input', 'ada\r', 'ask']))
    expect(opened.saved).toBe('')
  })

  test('is not added to a prompt that has been begun', async () => {
    key('ctrl-t')
    type('make')
    key('ctrl-t')
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise)
    type('ada')
    key('enter')
    type('ls')
    key('enter')
    run(undefined)
    first.resolve('sent')
    await settle()
    expect([seen(), events.at(-1)]).toEqual(['❯ make', ['notice', expect.stringContaining('Ctrl-Y')]])
  })

  test('and is no whole line when the program ends, is a marked prompt', async () => {
    type('ada')
    key('enter')
    await settle()
    type('l')
    run(undefined)
    expect([seen(), opened.composer.view.hint, opened.saved]).toEqual(['❯ l', 'typed before', undefined])
    type('s')
    key('enter')
    expect(events).toHaveLength(1)
    key('enter')
    expect(events.at(-1)).toEqual(['submit', 'ls'])
  })

  test('is for the program also where the screen does not show yet that it reads again', async () => {
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise)
    type('ada')
    key('enter')
    type('two')
    key('enter')
    run(running('ask'))
    first.resolve('sent')
    await settle()
    expect(events).toEqual(['ada', 'two'].map((line) => ['input', `${line}\r`, 'ask']))
  })

  test.each(['ended', 'late'] as const)(
    'is not put into the hidden line of a program that asks for a secret by now: %s',
    async (result) => {
      const first = Promise.withResolvers<InputResult>()
      setResults(first.promise)
      type('ada')
      key('enter')
      type('hunter2')
      key('enter')
      run(running(result === 'late' ? 'ask' : 'next', 'hidden'))
      first.resolve(result)
      await settle()
      expect(seen()).toBe('»')
      expect(events.at(-1)).toEqual(['notice', expect.stringContaining('thrown away')])
      run(running('next'))
      expect([seen(), opened.composer.view.hint, opened.saved]).toEqual(['❯ ada', 'typed before', undefined])
      run(running('next', 'hidden'))
      expect(seen()).toBe('»')
    },
  )

  test('comes back marked, with the text typed behind it, where the connection was lost while it was sent', async () => {
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise)
    type('ada')
    key('enter')
    type('two')
    first.resolve('unknown')
    await settle()
    expect([seen(), opened.composer.view.hint]).toEqual(['» ada\n  two', 'typed before'])
    expect(events.at(-1)).toEqual(['notice', expect.stringContaining('the line may have arrived')])
    key('ctrl-u', 'ctrl-u', 'ctrl-u')
    expect(opened.composer.view.hint).toBe('line')
  })

  test('is sent without another wait to a program that has been slow, until it is known to read', async () => {
    setResults('late')
    for (const line of ['one', '', 'two']) {
      type(line)
      key('enter')
      await settle()
    }
    expect(waited).toEqual([true, false, false])
    run({...running('ask', 'line'), reading: 1})
    type('three')
    key('enter')
    await settle()
    expect(waited.at(-1)).toBe(true)
  })

  test('leaves Ctrl-L, Ctrl-Z, Ctrl-\\ and Ctrl-O to the screen, at once', () => {
    setResults(new Promise(() => {}))
    type('ada')
    const names = ['ctrl-l', 'ctrl-z', 'ctrl-\\', 'ctrl-o']
    key('enter', ...names)
    expect(events.slice(1)).toEqual(names.map((name) => ['key', name]))
  })

  test('is bounded', async () => {
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise)
    type('ada')
    key('enter')
    opened.composer.paste('x'.repeat(4 * 1024 * 1024 - 1))
    type('yz')
    type('z')
    expect(events.slice(1)).toEqual([1, 2].map(() => ['notice', expect.stringContaining('dropped')]))
    first.resolve('sent')
    await settle()
    expect(written()).toHaveLength(4 * 1024 * 1024 - 1)
    type('z')
    expect(written()).toHaveLength(4 * 1024 * 1024)
  })

  test('stays, unsent, if the program does not read for long, with all that was typed behind it', async () => {
    const late = Promise.withResolvers<InputResult>()
    setResults('sent', late.promise)
    for (const line of ['ada', 'two', 'three', 'four']) {
      type(line)
      key('enter')
    }
    await settle()
    late.resolve('late')
    await settle()
    expect(seen()).toBe('» two\n  three\n  four')
    expect(events).toContainEqual(['notice', expect.stringContaining('nothing was sent'), {forMs: 10_000}])
    key('enter')
    await settle()
    expect(events.slice(-3)).toEqual(['two', 'three', 'four'].map((line) => ['input', `${line}\r`, 'ask']))
    expect(waited).toEqual([true, true, false, false, false])
  })

  test('is dropped by Ctrl-C, which does not wait', async () => {
    setResults(new Promise(() => {}))
    type('ada')
    key('enter')
    type('ls')
    key('enter', 'ctrl-c')
    expect(events.at(-1)).toEqual(['interrupt'])
    await settle()
    expect(seen()).toBe('»')
  })

  test('is not recalled: it may be for a program that hides it', async () => {
    type('ada')
    key('enter')
    await settle()
    type('hunter2')
    key('enter')
    await settle()
    key('up')
    expect(seen()).toBe('» ada')
  })
})
