import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {createInputReader} from '../src/keys/input-reader.ts'

/** `undefined` in the place of a piece: no more came in time. */
type Piece = string | undefined

/** What comes out: keys as they are, each paste in brackets. */
function read(pieces: readonly Piece[], maxPasteLength = 100): string {
  let out = ''
  const reader = createInputReader({
    maxPasteLength,
    onKeys: (text) => (out += text),
    onPaste: (paste) => (out += paste.kind === 'text' ? `⟦${paste.text}⟧` : `⟦${paste.length} too long⟧`),
  })
  for (const piece of pieces) void (piece === undefined ? reader.expire() : reader.take(piece))
  while (reader.expire() !== undefined);
  return out
}

const start = '\u001b[200~'
const end = '\u001b[201~'

test('keys and pastes are in order', () => {
  expect(read([`a${start}one\rtwo${end}b${start}${end}\r`])).toBe('a⟦one\rtwo⟧b⟦⟧\r')
})

test('a paste that is too long is counted, and the keys after it arrive', () => {
  expect(read([`${start}${'x'.repeat(80)}`, `${'x'.repeat(80)}${end}ls`])).toBe('⟦160 too long⟧ls')
})

const sequences = [
  ['an arrow', '\u001b[A', '\u001b[A'],
  ['a key with modifiers', '\u001b[1;5D', '\u001b[1;5D'],
  ['a key of the keypad', '\u001bOM', '\u001bOM'],
  ['a function key of the Linux console', '\u001b[[A', '\u001b[[A'],
  ['a key of rxvt', '\u001b[2$', '\u001b[2$'],
  ['Alt and an arrow', '\u001b\u001b[A', '\u001b\u001b[A'],
  ['Alt and a letter', '\u001bb', '\u001bb'],
  ['a key of the kitty protocol', '\u001b[97;5u', '\u001b[97;5u'],
  ['a paste', `${start}one\rtwo${end}`, '⟦one\rtwo⟧'],
  ['a colour', '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\', ''],
  ['a colour that ends with BEL', '\u001b]11;rgb:1e1e/1e1e/2e2e\u0007', ''],
  ['a terminfo answer', '\u001bP1+r436f=323536\u001b\\', ''],
  ['an answer of kitty graphics', '\u001b_Gi=31;OK\u001b\\', ''],
  ['a privacy message', '\u001b^secret\u001b\\', ''],
  ['a position of the cursor', '\u001b[24;80R', ''],
  ['device attributes', '\u001b[?62;22c', ''],
  ['more device attributes', '\u001b[>41;390;0c', ''],
  ['a mode', '\u001b[?2026;2$y', ''],
  ['a click', '\u001b[<0;12;5M', ''],
  ['a click of urxvt', '\u001b[32;12;5M', ''],
  ['a click of X10', '\u001b[M !!', ''],
  ['focus', '\u001b[I', ''],
] as const

/** The reports among the keys, which are in brackets. */
function readReports(pieces: readonly Piece[]): string[] {
  const reports: string[] = []
  const reader = createInputReader({
    maxPasteLength: 100,
    onKeys: (text) => reports.push(`[${text}]`),
    onPaste: () => reports.push('paste'),
    onReport: (report) => reports.push(report),
  })
  for (const piece of pieces) void (piece === undefined ? reader.expire() : reader.take(piece))
  while (reader.expire() !== undefined);
  return reports
}

test.each(['\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\', '\u001b]11;rgb:1e1e/1e1e/2e2e\u0007', '\u001b[?62;22c'])(
  'a report is passed on whole, wherever it is torn: %j',
  (report) => {
    for (let cut = 1; cut < report.length; cut++) {
      expect(readReports(['a', report.slice(0, cut), report.slice(cut), 'b']), String(cut)).toEqual([
        '[a]',
        report,
        '[b]',
      ])
    }
    expect(readReports(report.split(''))).toEqual([report])
  },
)

test('a report whose end comes late is no key, and a long one is not passed on', () => {
  expect(readReports(['\u001b]11;rgb:1e', undefined, undefined, 'x'])).toEqual(['[x]'])
  expect(readReports([`\u001b]52;c;${'x'.repeat(300)}\u0007y`])).toEqual(['[y]'])
})

describe.each(sequences)('%s', (_name, sequence, expected) => {
  test('alone, and among keys', () => {
    expect(read([sequence])).toBe(expected)
    expect(read([`a${sequence}b`])).toBe(`a${expected}b`)
  })

  test('torn at any place, in time', () => {
    for (let cut = 1; cut < sequence.length; cut++) {
      expect(read(['a', sequence.slice(0, cut), sequence.slice(cut), 'b']), String(cut)).toBe(`a${expected}b`)
    }
    expect(read(['a', ...sequence.split(''), 'b'])).toBe(`a${expected}b`)
  })
})

test('a sequence that is torn for longer after its first or second character is the sequence', () => {
  for (const [, sequence, expected] of sequences) {
    if (!'[O]P_^'.includes(sequence.charAt(1))) continue
    expect(read(['\u001b', undefined, sequence.slice(1), 'b'])).toBe(`\u001b${expected}b`)
    expect(read([sequence.slice(0, 2), undefined, sequence.slice(2), 'b'])).toBe(`${expected}b`)
  }
})

test('the beginning of a sequence is passed on if it is a key alone, and never becomes text', () => {
  for (const key of ['\u001b', '\u001b\u001b', '\u001b[', '\u001bO', '\u001bP', '\u001b]']) {
    expect(read([key, undefined, undefined, 'ls'])).toBe(`${key}ls`)
  }
  // Nobody types three characters at once.
  for (const key of ['\u001b', '\u001bP', '\u001b]', '\u001b_'])
    expect(read([key, undefined, 'l', 's'])).toBe(`${key}ls`)
  for (const broken of ['\u001b[1;5', '\u001b[?6', '\u001b]11;rgb', '\u001b[M ', '\u001bP1+r']) {
    expect(read([broken, undefined, 'ls'])).toBe('ls')
  }
  expect(read(['\u001b[1;\rls'])).toBe('\rls')
  expect(read(['\u001b[1;\u001b[A'])).toBe('\u001b[A')
})

test('a report that does not end is dropped up to its bound', () => {
  expect(read(['\u001b]52;c;', ...Array.from({length: 70}, () => 'x'.repeat(1000)), 'ls'])).toMatch(/^x{0,5000}ls$/)
})

test('a paste that does not end is taken for whole after a while, and the next keys are keys', () => {
  expect(read([`a${start}one`, undefined, '\u0003'])).toBe('a⟦one⟧\u0003')
  expect(read([`${start}one\u001b[20`, undefined, 'x'])).toBe('⟦one\u001b[20⟧x')
})

describe('without brackets', () => {
  test('lines that arrive at once are a paste, with the last line break', () => {
    expect(read(['one\rtwo\rthree\r'])).toBe('⟦one\rtwo\rthree\r⟧')
    expect(read(['one\r', 'two\rthr', 'ee\r'])).toBe('one⟦\rtwo\rthr⟧⟦ee\r⟧')
    expect(read(['one\rtwo', '\r'])).toBe('⟦one\rtwo⟧⟦\r⟧')
  })

  test('lines with a pause between them are typed', () => {
    expect(read(['one\r', undefined, 'two\r', undefined, '\r'])).toBe('one\rtwo\r\r')
    expect(read(['l', 's', '\r', 'p', 'w', 'd', '\r'])).toBe('ls\rpwd\r')
    expect(read(['\r\r\r'])).toBe('\r\r\r')
    expect(read(['\rls'])).toBe('\rls')
  })

  test('keys after a paste are keys', () => {
    expect(read(['one\rtwo', undefined, '\r'])).toBe('⟦one\rtwo⟧\r')
    expect(read(['one\rtwo\u001b[A', '\r'])).toBe('⟦one\rtwo⟧\u001b[A\r')
    expect(read([`one\rtwo${start}three${end}\r`])).toBe('⟦one\rtwo⟧⟦three⟧\r')
  })
})

test('the result does not depend on how the input is split', () => {
  const whole = `a\u001b[A${start}p\u001b[20x\u001b${end}\u001bb\u001b]11;rgb\u001b\\${start}${'x'.repeat(101)}${end}z`
  fc.assert(
    fc.property(fc.array(fc.nat({max: whole.length})), (cuts) => {
      const places = [0, ...cuts.sort((first, second) => first - second), whole.length]
      const pieces = places.slice(1).map((place, index) => whole.slice(places[index], place))
      expect(read(pieces)).toBe(`a\u001b[A⟦p\u001b[20x\u001b⟧\u001bb⟦101 too long⟧z`)
    }),
  )
})
