/* oxlint-disable no-control-regex -- control characters are what this file is about */
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'

import {createPlainOutput, type PlainOutputOptions} from '../src/plain/plain-output.ts'

const esc = '\u001b'

function open(options: Partial<PlainOutputOptions> = {}) {
  let text = ''
  const output = createPlainOutput({
    write: (more) => (text += more),
    colours: false,
    unfinished: true,
    ...options,
  })
  return Object.assign(output, {shown: () => text})
}

/** Returns the plain output of a text, and expects the same when the text comes character by character. */
function plain(printed: string, options: Partial<PlainOutputOptions> = {}): string {
  const [whole, cut] = [open({unfinished: false, ...options}), open({unfinished: false, ...options})]
  whole.add(printed)
  for (const character of printed) cut.add(character)
  for (const output of [whole, cut]) output.flush()
  expect(cut.shown()).toBe(whole.shown())
  return whole.shown()
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Sequences with which a program could change the reader's terminal, each with the text `x`. */
const hostile: readonly (readonly [string, string])[] = [
  ['a title', `${esc}]0;owned\u0007x`],
  ['a title that ends with ST', `${esc}]2;owned${esc}\\x`],
  ['the clipboard', `${esc}]52;c;b3duZWQ=\u0007x`],
  ['a link', `${esc}]8;;file:///owned${esc}\\x${esc}]8;;${esc}\\`],
  ['a notification', `${esc}]9;owned\u0007x`],
  ['an image', `${esc}]1337;File=inline=1:owned\u0007x`],
  ['a string for the device', `${esc}P1$r owned${esc}\\x`],
  ['a string for an application', `${esc}_Gowned${esc}\\x`],
  ['a private message', `${esc}^owned${esc}\\x`],
  ['a string that has no end', `x${esc}]0;owned and owned`],
  ['a string that another cuts off', `${esc}]0;owned${esc}[31mx`],
  ['an empty screen', `${esc}[2J${esc}[3Jx`],
  ['the cursor elsewhere', `${esc}[1;1Hx${esc}[5A${esc}[5B`],
  ['the cursor kept', `${esc}7x${esc}8${esc}[s${esc}[u`],
  ['the other screen', `${esc}[?1049hx`],
  ['the mouse', `${esc}[?1000;1006hx`],
  ['the end of a paste', `${esc}[200~x${esc}[201~`],
  ['brackets around pastes', `${esc}[?2004hx`],
  ['other key codes', `${esc}[>4;2mx${esc}[>1u`],
  ['a question', `${esc}[6n${esc}[c${esc}[>cx${esc}[?1$p${esc}Z`],
  ['a title that is sent back', `${esc}[21tx`],
  ['a part of the screen that scrolls', `${esc}[2;3rx${esc}D${esc}M${esc}E`],
  ['other letters', `${esc}(0x\u000e${esc}#8${esc}n`],
  ['a reset', `${esc}cx${esc}[!p`],
  ['8 bit controls', `\u009b2J\u009d0;owned\u009cx\u0090owned\u009c\u0084\u008d`],
  ['a bell', '\u0007x\u0005\u0000'],
  ['a line within a sequence', `x${esc}[3\u0007J`],
  ['a sequence that was called off', `${esc}[12\u0018x`],
  ['a sequence without an end', `x${esc}[${'1;'.repeat(500)}J`],
  ['a colour of a length that no colour has', `x${esc}[${'1;'.repeat(500)}m`],
]

describe('control sequences', () => {
  test.for(hostile)('nothing comes out: %s', ([, printed]) => {
    expect(plain(printed)).toBe('x')
    expect(plain(printed, {colours: true}).replaceAll(/\u001b\[[\d;:]{0,64}m/g, '')).toBe('x')
  })

  test('colours are kept on request, and reset at the end of each write', () => {
    expect(plain(`a${esc}[1;31mb${esc}[0mc`, {colours: true})).toBe(`a${esc}[1;31mb${esc}[0mc`)
    expect(plain(`${esc}[38:2::1:2:3mb\n`, {colours: true})).toBe(`${esc}[38:2::1:2:3mb${esc}[0m\n`)
    expect(plain(`a${esc}[1;31mb${esc}[0mc`)).toBe('abc')
  })

  test('an unterminated string hides nothing of the next program', () => {
    const output = open()
    output.add(`${esc}]0;owned`)
    output.flush()
    output.add('seen')
    expect(output.shown()).toBe('seen')
  })
})

describe('a line', () => {
  test('has the text that it ends with', () => {
    expect(plain('10%\r50%\r100%\r\ndone\n')).toBe('100%\ndone\n')
    expect(plain('long line\rshort\n')).toBe('shortline\n')
    expect(plain(`long line\rshort${esc}[K\n`)).toBe('short\n')
    expect(plain('N\bNA\bAME\n')).toBe('NAME\n')
    expect(plain('secret\b \b\b \b\n')).toBe('secr  \n')
    expect(plain(`ab${esc}[3Cc${esc}[2Gx${esc}[Dy\n`)).toBe('ay   c\n')
    expect(plain(`abc${esc}[2K${esc}[Gd\n`)).toBe('d\n')
  })

  test('that is unfinished is written as it grows', () => {
    const output = open()
    output.add('Pass')
    output.add('word: ')
    expect(output.shown()).toBe('Password: ')
    expect(output.isAtLineStart).toBe(false)
  })

  test('that is unfinished waits for its end without `unfinished`', () => {
    const output = open({unfinished: false})
    output.add('10%\r20%')
    expect(output.shown()).toBe('')
    output.flush()
    expect(output.shown()).toBe('20%')
  })

  test('that is redrawn is written when it has been stable for a while, and at its end', () => {
    const output = open()
    for (const state of ['10%', '\r20%', '\r30%', '\r40%']) output.add(state)
    expect(output.shown()).toBe('10%')
    vi.advanceTimersByTime(500)
    expect(output.shown()).toBe('10%\n40%')
    output.add('\r90%')
    output.add('\r100%\r\n')
    expect(output.shown()).toBe('10%\n40%\n100%\n')
    vi.advanceTimersByTime(5000)
    expect(output.shown()).toBe('10%\n40%\n100%\n')
  })

  test('that is redrawn unchanged is written once', () => {
    const output = open()
    output.add('ready')
    output.add(`\r${esc}[Kready`)
    output.add(' now\n')
    expect(output.shown()).toBe('ready now\n')
  })

  test('that was erased is not written until it has text again', () => {
    const output = open()
    output.add('working')
    output.add(`\r${esc}[K`)
    vi.advanceTimersByTime(500)
    expect(output.shown()).toBe('working')
    output.add('done\n')
    expect(output.shown()).toBe('working\ndone\n')
  })

  test('keeps the space after a question that was redrawn', () => {
    const output = open()
    output.add('Wait')
    output.add('\rName: ')
    vi.advanceTimersByTime(500)
    output.add('Ada\n')
    expect(output.shown()).toBe('Wait\nName: Ada\n')
  })

  test('of any length is written whole in bounded memory', () => {
    const long = 'x'.repeat(100_000)
    const output = open({unfinished: false})
    output.add(long)
    expect(output.shown().length).toBeGreaterThan(60_000)
    output.add('\n')
    expect(output.shown()).toBe(`${long}\n`)
  })
})
