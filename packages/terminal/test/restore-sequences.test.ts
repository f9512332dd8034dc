import {expect, test} from 'vitest'

import {trackRestoreSequences} from '../src/modes/restore-sequences.ts'

const plain = '\x1b[m\x1b(B\x0f'

function owed(text: string, chunkLength = Infinity): string {
  const restoring = trackRestoreSequences()
  for (let at = 0; at < text.length; at += chunkLength) restoring.track(Buffer.from(text.slice(at, at + chunkLength)))
  return restoring.restore()
}

test('undoes the changes of a program, then leaves the alternate screen', () => {
  const all =
    '\x1b[?1049h\x1b[?1h\x1b=\x1b[?1000;1006h\x1b[?2004h\x1b[?25l\x1b[>1u\x1b[>5u\x1b[>4;2m\x1b[4 q\x1b[2;9r\x1b[4h'
  const payment = owed(all)
  expect(payment.startsWith('\x1b[<2u')).toBe(true)
  expect(payment.endsWith(`\x1b[?1049l${plain}`)).toBe(true)
  for (const each of ['?1l', '?1000l', '?1006l', '?2004l', '?25h', '>4;0m', '0 q', 'r', '4l'])
    expect(payment).toContain(`\x1b[${each}`)
  expect(payment).toContain('\x1b>')
})

test('finds sequences that are split anywhere', () => {
  const text = 'abc\x1b[?1049h\x1b[?1000;1006hxyz\x1b[>1u\x1b[?25l\x1b[4 q'
  for (const length of [1, 2, 3, 5]) expect(owed(text, length)).toBe(owed(text))
})

test.each([
  [
    'what the program has switched back itself',
    '\x1b[?1049h\x1b[?25l\x1b[>1u\x1b[<u\x1b[?25h\x1b[?1049l\x1b[4 q\x1b[0 q',
  ],
  ['a reset', '\x1b[?1000h\x1bc'],
  ['a progress that the program has taken away', '\x1b]9;4;3;0\x07\x1b]9;4;0;\x07'],
  ['text, colours, movement', 'a\x1b[31mb\x1b[2J\x1b[H\x1b[K\x1b]0;title\x07'],
])('%s needs no undoing', (_, text) => {
  expect(owed(text)).toBe(plain)
})

test('takes away a progress that the program has left, however the sequence was split', () => {
  for (const length of [1, 2, 3, 5, 99]) expect(owed('abc\x1b]9;4;1;50\x1b\\', length)).toContain('\x1b]9;4;0;0\x07')
})

test.each([
  ['', '\x1b7\x1b[r\x1b8'],
  ['\x1b[?47h', '\x1b7\x1b[r\x1b8\x1b[?47l'],
  // It puts the cursor back by itself, and some terminals have one place for both.
  ['\x1b[?1049h', '\x1b[r\x1b[?1049l'],
])('the cursor stays where margins are reset behind %j', (screen, restored) => {
  expect(owed(`${screen}\x1b[2;9r`)).toBe(restored + plain)
})

test('undoes a change once', () => {
  const restoring = trackRestoreSequences()
  restoring.track(Buffer.from('\x1b[?1049h'))
  restoring.restore()
  expect(restoring.restore()).toBe(plain)
})
