import {describe, expect, test} from 'vitest'

import type {InputResult} from '../../src/composer.ts'
import {running, settle, useComposer} from '../fixtures/use-composer.ts'

const {opened, events, key, type, paste, written, seen, run, setResults} = useComposer()

describe('a program that hides what is typed', () => {
  test('gets dots, and what it gets is nowhere else', async () => {
    run(running('sudo', 'hidden'))
    type('hunter2')
    key('left')
    expect(seen()).toBe('» •••••••')
    expect(opened.saved).toBeUndefined()
    key('enter')
    expect(events).toEqual([['input', 'hunter2\r', 'sudo', 'hidden']])
    expect(opened.typed).toBe('')
    run(undefined)
    await settle()
    key('up')
    expect(written()).toBe('make test')
    key('ctrl-u', 'ctrl-y', 'ctrl-_', 'ctrl-_', 'ctrl-_')
    expect(written()).not.toContain('hunter')
  })

  test.each([undefined, running('sudo'), running('sudo', 'line'), running('next', 'hidden')])(
    'is the only one that gets what is typed behind a secret: else, it is thrown away',
    async (next) => {
      run(running('sudo', 'hidden'))
      const first = Promise.withResolvers<InputResult>()
      setResults(first.promise)
      type('hunter2')
      key('enter')
      type('hunter3')
      key('enter')
      run(next)
      first.resolve('sent')
      await settle()
      expect(written()).toBe('')
      expect([opened.saved, events]).toEqual([
        undefined,
        [
          ['input', 'hunter2\r', 'sudo', 'hidden'],
          ['notice', 'The program no longer hides what you type: what was not sent was thrown away'],
        ],
      ])
      key('up', 'ctrl-y')
      expect(written()).not.toContain('hunter')
    },
  )

  test('and no longer does so leaves the next key to the prompt, unless a key waits behind the secret', async () => {
    for (const next of [undefined, running('sudo')]) {
      run(running('sudo', 'hidden'))
      setResults(new Promise(() => {}))
      type('hunter2')
      key('enter')
      run(next)
      type('ls')
      expect(seen()).toBe('❯ ls')
      key('ctrl-c')
    }
    run(running('sudo', 'hidden'))
    const first = Promise.withResolvers<InputResult>()
    setResults(first.promise)
    type('hunter2')
    key('enter')
    type('hun')
    run(running('sudo'))
    type('ter3')
    key('enter')
    first.resolve('sent')
    await settle()
    expect([seen(), events.at(-1)]).toEqual(['❯', ['notice', expect.stringContaining('thrown away')]])
    run(running('sudo', 'hidden'))
    setResults(new Promise(() => {}))
    type('hunter2')
    key('enter')
    type('hunter3')
    run(undefined)
    type('ls')
    expect(seen()).toBe('❯ ls')
  })

  test('gets what was typed behind the prompt that starts it, before it was known to run', () => {
    type('sudo make install')
    key('enter')
    type('hun')
    opened.typed = undefined
    run(running('sudo'))
    expect([seen(), opened.typed]).toEqual(['❯ hun', 'hun'])
    run(running('sudo', 'hidden'))
    type('ter2')
    key('enter')
    expect(events).toEqual([
      ['submit', 'sudo make install'],
      ['input', 'hunter2\r', 'sudo', 'hidden'],
    ])
    expect([seen(), opened.saved]).toEqual(['»', ''])
  })

  test('gets nothing of a prompt that was begun before another client started it', () => {
    type('make')
    key('enter')
    run(running('make'))
    run(undefined)
    type('git status')
    run(running('sudo', 'hidden'))
    expect(seen()).toBe('»')
    run(undefined)
    expect(seen()).toBe('❯ git status')
  })

  test('gets what is typed behind a secret if it asks again', async () => {
    run(running('sudo', 'hidden'))
    for (const secret of ['hunter2', 'hunter3']) {
      type(secret)
      key('enter')
    }
    await settle()
    expect(events).toEqual(['hunter2', 'hunter3'].map((secret) => ['input', `${secret}\r`, 'sudo', 'hidden']))
  })

  test('gets one line of a paste at each Enter, and no other key behind the first; the rest is thrown away with the last', async () => {
    run(running('passwd', 'hidden'))
    paste('hunter2\nhunter33\nrm -r .\n')
    key('enter')
    expect(seen()).toBe('»')
    await settle()
    expect(seen()).toBe('» ••••••••••••••••')
    key('enter', 'enter')
    await settle()
    expect([seen(), events.splice(0)]).toEqual([
      '» ••••••••',
      ['hunter2', 'hunter33'].map((line) => ['input', `${line}\r`, 'passwd', 'hidden']),
    ])
    const last = Promise.withResolvers<InputResult>()
    setResults(last.promise)
    type('ls')
    key('enter')
    // The echo is on for a moment.
    run(running('passwd'))
    run(running('passwd', 'hidden'))
    run(running('passwd'))
    last.resolve('sent')
    await settle()
    expect([seen(), opened.saved, events]).toEqual([
      '❯',
      undefined,
      [
        ['input', 'rm -r .\r', 'passwd', 'hidden'],
        ['notice', 'The program no longer hides what you type: what was not sent was thrown away'],
      ],
    ])
  })

  test('gets nothing of a paste if it ends after the first line, or does not read that', async () => {
    for (const result of ['sent', 'late', 'ended', 'unknown'] as const) {
      run(running('passwd', 'hidden'))
      const first = Promise.withResolvers<InputResult>()
      setResults(first.promise)
      paste('hunter2\nrm -r .')
      key('enter')
      type('ls')
      run(result === 'late' ? running('passwd', 'hidden') : undefined)
      first.resolve(result)
      await settle()
      expect(written()).toBe('')
      key('ctrl-y', 'ctrl-_')
      expect(written()).toBe('')
    }
    expect(events).not.toContainEqual(['submit', expect.anything()])
  })

  test('is sent nothing else: nothing is queued meanwhile, Esc clears the line, its kills are forgotten', () => {
    run(running('sudo', 'hidden'))
    key('ctrl-t')
    expect(events).toEqual([['notice', expect.stringContaining('nothing can be queued')]])
    type('hunter2')
    key('escape')
    expect(seen()).toBe('»')
    type('hunter2')
    key('ctrl-u')
    run(running('sudo'))
    key('ctrl-y')
    expect(written()).toBe('')
  })

  test('what was not sent is thrown away when the echo is on again', () => {
    for (const next of [
      running('sudo'),
      running('sudo', 'line'),
      running('sudo', 'terminal'),
      running('ls'),
      undefined,
    ]) {
      run(running('sudo', 'hidden'))
      type('hunter2')
      run(next)
      expect(written()).toBe('')
      key('ctrl-_')
      expect(written()).toBe('')
      expect(events.splice(0)).toEqual([['notice', expect.stringContaining('thrown away')]])
    }
  })

  test('found late: what was typed since the last check goes on hidden, the prompt before it stays', () => {
    type('git ')
    run(running('sudo'))
    type('st')
    opened.composer.snapshot()()
    type('hunt')
    expect(opened.saved).toBe('git sthunt')
    run(running('sudo', 'hidden'))
    expect([seen(), opened.composer.view.hint, opened.saved]).toEqual(['» ••••', 'typed before', 'git st'])
    type('er2')
    key('enter')
    expect(events).toEqual([['input', 'hunter2\r', 'sudo', 'hidden']])
    run(running('sudo'))
    expect(seen()).toBe('❯ git st')
    key('ctrl-_')
    expect(written()).not.toContain('hunt')
  })

  test('found late in a prompt that was changed elsewhere: the change is thrown away', () => {
    type('git st')
    run(running('sudo'))
    key('ctrl-a')
    type('hunter2')
    run(running('sudo', 'hidden'))
    expect(seen()).toBe('»')
    run(undefined)
    expect(seen()).toBe('❯ git st')
  })

  test('a line that the user has begun for the program is hidden as soon as the program hides its input', () => {
    run(running('ssh', 'line'))
    type('hunt')
    run(running('ssh', 'hidden'))
    type('er2')
    expect([seen(), opened.composer.view.hint]).toEqual(['» •••••••', 'typed before'])
  })
})
