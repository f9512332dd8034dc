import {describe, expect, test} from 'vitest'

import type {InputResult} from '../../src/composer.ts'
import {running, settle, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, key, type, written, seen, run, setResults} = useComposer()

describe('behind a secret, what is typed while the program reads nothing', () => {
  /** The program has got a secret, and turned its echo on again. */
  const answer = async () => {
    run(running('sudo', 'hidden'))
    type('hunter2')
    key('enter')
    await settle()
    run(running('sudo'))
    events.length = 0
  }

  test('is marked, not saved, and queued by the second Enter; then the program is not taken to ask again', async () => {
    await answer()
    type('make')
    expect([seen(), opened.composer.view.isMarked, opened.saved]).toEqual(['❯ make', true, undefined])
    // The program is seen to hide nothing.
    opened.composer.snapshot()()
    key('enter')
    expect([events, opened.composer.view.isMarked, opened.saved]).toEqual([[], false, undefined])
    key('enter')
    expect(events).toEqual([['submit', 'make']])
    type('ls')
    expect([opened.saved, opened.composer.view.isMarked]).toEqual(['ls', false])
  })

  test.each([0, 1])('goes on hidden, all of it, if it asks for another one after %i Enter', async (enters) => {
    type('git ')
    await answer()
    type('hunt')
    if (enters > 0) key('enter')
    opened.composer.snapshot()()
    expect(seen()).toBe('❯ git hunt')
    run(running('sudo', 'hidden'))
    expect([seen(), opened.composer.view.hint]).toEqual(['» ••••', 'typed before'])
    type('er3')
    key('enter')
    await settle()
    run(undefined)
    expect([seen(), opened.composer.view.isMarked, opened.saved]).toEqual(['❯ git', false, 'git '])
    expect(events).toEqual([['input', 'hunter3\r', 'sudo', 'hidden']])
    key('ctrl-_', 'ctrl-y')
    expect(written()).not.toContain('hunt')
  })

  test('stays marked and unsaved when the program ends, also when it is edited, and may be dropped', async () => {
    await answer()
    type('hunt')
    run(undefined)
    type('er3')
    expect([seen(), opened.composer.view.isMarked, opened.saved]).toEqual(['❯ hunter3', true, undefined])
    key('enter')
    expect(events).toEqual([])
    key('ctrl-u')
    expect(opened.saved).toBe('')
    type('ls')
    expect([opened.composer.view.isMarked, opened.saved]).toEqual([false, 'ls'])
  })

  test('is marked, too, if the secret was not sent; a prompt that stands there already is not', async () => {
    type('make')
    run(running('sudo', 'hidden'))
    type('hunt')
    run(running('sudo'))
    expect(opened.composer.view.isMarked).toBe(false)
    type('er2')
    expect([seen(), opened.composer.view.isMarked, opened.saved]).toEqual(['❯ makeer2', true, 'make'])
  })

  test.each([undefined, running('next')])(
    'is marked, too, if the program ends while a secret is typed, until a prompt is submitted',
    async (next) => {
      run(running('sudo', 'hidden'))
      type('hunt')
      run(next)
      type('er2')
      key('enter')
      expect([seen(), opened.saved]).toEqual(['❯ er2', undefined])
      key('ctrl-u')
      run(running('passwd', 'hidden'))
      const first = Promise.withResolvers<InputResult>()
      setResults(first.promise)
      type('hunter2')
      key('enter')
      type('hunt')
      run(next)
      first.resolve('unknown')
      await settle()
      type('er2')
      key('enter')
      expect([seen(), opened.saved]).toEqual(['❯ er2', ''])
      expect(events).not.toContainEqual(['submit', expect.anything()])
      key('enter')
      type('ls')
      expect([events.at(-1), opened.composer.view.isMarked, opened.saved]).toEqual([['submit', 'er2'], false, 'ls'])
    },
  )

  test('is for the program where that reads a line', async () => {
    await answer()
    run(running('sudo', 'line'))
    type('y')
    key('enter')
    await settle()
    expect(events).toEqual([['input', 'y\r', 'sudo']])
  })
})
