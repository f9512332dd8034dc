import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {removeEcho} from '../../src/markers/remove-echo.ts'

describe('removeEcho', () => {
  test.each([
    ['what a terminal echoes', 'make all\r\n', ''],
    ['what bash prints twice', '\x1b[7mmake all\x1b[27m\r\x1b[C\x1b[Cmake all\r\n\r', ''],
    ['what zsh prints', 'm\bmake all\x1b[?1l\x1b>\r\r\n', ''],
    ['what fish colours', 'make all\r\x1b[18C\b\b\b\x1b[34mmake\x1b[30m\x1b(B\x1b[m \x1b[36mall\r\x1b[18C\r\n', ''],
    ['a wrapped line', 'make \r\x1b[Kall\r\n', ''],
    ['a line that fish wraps', 'make all\x1b[A\r\r\n\x1b[3C\x1b[A\x1b[8D\x1b[34mmake all\x1b[A\r\r\n\x1b[3C\r\n', ''],
    ['a line that fish ends at the margin', 'make all\r\r\n\x1b[A\x1b[3C\x1b[34mmake all\r\r\n', ''],
    ['output before it', '<1>\r\n<2>make all\r\n', '<1>\r\n<2>'],
    ['output in it', 'make<1> all\r\n', '<1>'],
    ['output after its first byte', '<1>m<2>ake all\r\n', '<1><2>'],
    ['output in it that begins as it goes on', 'make al<1>all\r\n', 'al<1>'],
    ['output in it that ends as the line goes before', 'make x all\r\n', 'x '],
    ['coloured output in it', 'make all\x1b[31m<1>\x1b[0m\r\n', '\x1b[31m<1>\x1b[0m'],
    ['output before it that begins as it does', 'mak<1>make all\r\n', 'mak<1>'],
    ['output before it that begins as it does, where zsh prints it', 'm<1>m\bmake all\r\n', 'm<1>'],
    ['output before and in it that begins as it does', 'ma<1>\r\nma<2>make alm<3>l\r\n', 'ma<1>\r\nma<2>m<3>'],
    ['output before it that contains it', 'make all<1>\r\nmake all\r\n', 'make all<1>\r\n'],
    // Either may be the echo.
    ['the first of two, each before output', 'make all<1>\r\nmake all<2>\r\n', '<1>\r\nmake all<2>'],
    ['output in what bash prints twice', 'make all\b\b<1>\r\x1b[1Cmake all\r\n', '<1>'],
    ['output after zsh has moved', 'make all\b\bm<1>\x1b[?1l\x1b>\r\r\n', 'm<1>'],
    ['output that contains it after zsh has moved', 'make all\b\bmake all<1>\x1b[?1l\x1b>\r\r\n', 'make all<1>'],
    [
      'output that contains it between the two drawings of fish',
      'make all\r\x1b[18Cmake all<1>\r\n\b\b\b\x1b[34mmake all\r\x1b[18C\x1b[30m\x1b(B\x1b[m\r\n',
      'make all<1>\r\n',
    ],
  ])('removes %s', (_, printed, rest) => {
    expect(removeEcho(`${printed}after`, ['make all'])).toMatchObject({rest, end: printed.length})
  })

  test('removes several lines, and returns the prompt between them', () => {
    expect(removeEcho('make \\\r\n\r> all\r\n', ['make \\', 'all'])).toMatchObject({rest: '> '})
  })

  test('takes the spaces that a line editor prints for a tab', () => {
    expect(removeEcho('ls      -l\r\n', ['ls\t-l'])).toMatchObject({rest: '', end: 12})
  })

  test('finds no echo of another line', () => {
    expect(removeEcho('make it\r\n', ['make all'])).toBeUndefined()
  })

  test('loses and moves no byte of output between the writes of any shell, also if the output begins as the line does', () => {
    fc.assert(
      fc.property(drawnLine, fc.array(output, {minLength: 6, maxLength: 6}), ({line, writes}, outputs) => {
        const printed = writes.map((write, at) => outputs[at] + write).join('')
        const found = removeEcho(printed, [line])
        const kept = found && found.rest + printed.slice(found.end)
        // Which of two line ends is the shell's shows nowhere.
        expect(kept?.replaceAll(/[\r\n]/g, '')).toBe(
          outputs
            .slice(0, writes.length)
            .join('')
            .replaceAll(/[\r\n]/g, ''),
        )
        expect(kept?.split('\n').length).toBe(outputs.slice(0, writes.length).join('').split('\n').length)
      }),
      {numRuns: 2000},
    )
  })

  test('loses and moves no byte of output at any place of the echo', () => {
    const anyLine = fc.string({unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 10, maxLength: 40})
    const foreign = fc
      .string({unit: fc.constantFrom('<', '1', '2', '>', '\r', '\n'), maxLength: 10})
      .map((text) => `<${text}`)
    fc.assert(
      fc.property(anyLine, fc.nat(), foreign, (line, at, torn) => {
        const cutAt = 4 + (at % (line.length - 8))
        const printed = `${line.slice(0, cutAt)}${torn}${line.slice(cutAt)}\r\n`
        expect(removeEcho(printed, [line])).toMatchObject({rest: torn, end: printed.length})
      }),
      {numRuns: 2000},
    )
  })

  test.each([
    ['a whole line', 'x y '.repeat(12_500), ''],
    ['a line of one character', 'x'.repeat(50_000), ''],
    ['a torn line', 'x y '.repeat(12_500), '<1>'],
    ['a line among many of its beginnings', 'make all '.repeat(2_000), 'make<1>\r\nma'.repeat(2_000)],
  ])('compares each byte of %s with a bounded number of readings', (_, line, torn) => {
    const wrapped = line.replaceAll(/.{80}/g, '$& \r')
    const half = 25_000
    const printed = `${wrapped.slice(0, half)}${torn}${wrapped.slice(half)}\r\n`
    const found = removeEcho(printed, [line])
    expect(found).toMatchObject({rest: torn, end: printed.length})
    expect(found?.steps).toBeLessThanOrEqual(34 * printed.length)
  })
})

/** A line, and what each shell writes to draw it: a write is never torn. */
const drawnLine = fc.oneof(
  ...['true', 'echo hi', 'ls', 'w', 'make all', '{ __start;} 2>/dev/null;true'].map((line) =>
    fc
      .constantFrom(
        {line, writes: [line, '\r\n', '']},
        {line, writes: [`${line}\x1b[${line.length}D`, '\x1b[?1l\x1b>', '\r\r\n', '']},
        {line, writes: [`${line}${'\b'.repeat(line.length)}`, '\x1b[?1l\x1b>', '\r\r\n', '']},
        {
          line,
          writes: [
            `${line}\r\x1b[15C`,
            `\x1b[${line.length}D\x1b[34m${line}\r\x1b[15C\x1b[30m\x1b(B\x1b[m`,
            '\r\n',
            '',
          ],
        },
      )
      .map((drawn) => drawn),
  ),
)

/** Tokens as in the test of the shells: each after the beginning of a line, some of them at the end of their line. */
const token = fc
  .tuple(fc.constantFrom('true', 'echo hi', 'ls', 'w', 'make all', '{ __start'), fc.nat(8), fc.nat(99), fc.boolean())
  .map(
    ([line, length, number, isLast]) =>
      `${line.slice(0, Math.min(length, line.length - 1))}<${number}>${isLast ? '\r\n' : ''}`,
  )
const output = fc.array(token, {maxLength: 3}).map((tokens) => tokens.join(''))
