/* oxlint-disable no-control-regex -- control characters are what is kept out */
import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'

import {linesOf, outputOf} from './fixtures/output-of.ts'

const numbers = (from: number, to: number) => Array.from({length: to - from + 1}, (_, at) => `line ${from + at}`)
const printed = (lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('')

test('plain lines are taken as printed, the last one also without a line end', async () => {
  expect(await linesOf('one\r\n\r\n  two\r\nthr')).toEqual(['one', '', '  two', 'thr'])
  expect(await linesOf('')).toEqual([])
  expect(await linesOf('one\ntwo\n', {convertEol: true})).toEqual(['one', 'two'])
})

test('output after an empty one is taken', async () => {
  const output = outputOf('one\r\n')
  await output.settled
  output.add('')
  output.add('two\r\n')
  await output.settled
  expect((await output.end()).lines).toEqual(['one', 'two'])
})

test('a progress bar is one line: its last state', async () => {
  const bar = Array.from({length: 101}, (_, percent) => `\r[${'#'.repeat(percent / 5).padEnd(20)}] ${percent}%`)
  expect(await linesOf(`start\r\n${bar.join('')}\r\ndone\r\n`)).toEqual([
    'start',
    '[####################] 100%',
    'done',
  ])
})

test('rows that a program redraws are taken once', async () => {
  const board = (state: string) => ['web', 'db', 'cache'].map((name) => `\u001b[2K${name} ${state}\r\n`).join('')
  const text = ['pulling', 'extracting', 'done'].map(board).join('\u001b[3A')
  expect(await linesOf(`up\r\n${text}`)).toEqual(['up', 'web done', 'db done', 'cache done'])
})

test('a wrapped line is one line; wide characters stay whole', async () => {
  const long = '0123456789'.repeat(25)
  expect(await linesOf(`${long}\r\nnext`)).toEqual([long, 'next'])
  expect(await linesOf('汉字 👍🏽 é ok\r\n')).toEqual(['汉字 👍🏽 é ok'])
})

test('a program that waits has its last lines in the view, tentative until it has moved its cursor up', async () => {
  const output = outputOf(printed(numbers(1, 30)) + 'Password: ')
  await output.settled
  expect(output.takeLines()).toEqual(numbers(1, 11))
  expect(output.view()).toMatchObject({
    tentative: numbers(12, 30),
    rows: ['Password:'],
    collapsedLines: 0,
    isFullScreen: false,
  })
  expect(output.takeLines()).toEqual([])
  output.add('\u001b[A')
  await output.settled
  expect(output.view()).toMatchObject({tentative: [], rows: [...numbers(12, 30), 'Password:']})
  expect((await output.end()).lines).toEqual([...numbers(12, 30), 'Password:'])
})

test.each([
  ['a prompt with its blank', 'one\r\nName: ', {text: 'Name: ', columns: 6, wrapped: 0}],
  ['a prompt with colours', '\u001b[32m>>>\u001b[0m ', {text: '\u001b[32m>>>\u001b[m ', columns: 4, wrapped: 0}],
  ['a prompt of wide characters', '名前: ', {text: '名前: ', columns: 6, wrapped: 0}],
  ['a row with the cursor in its midst', 'Name: \u001b[3D', undefined],
  ['a row that is wrapped', `${'x'.repeat(90)}? `, {text: `${'x'.repeat(10)}? `, columns: 12, wrapped: 1}],
  ['an ended row', 'Name:\r\n', undefined],
  ['no output', '', undefined],
])('the unfinished row: %s', async (_, text, expected) => {
  const output = outputOf(text)
  await output.settled
  expect(output.view().unfinishedRow).toEqual(expected)
})

test('tentative lines that are finished are taken, and those after them are tentative', async () => {
  const long = '0123456789'.repeat(10)
  const output = outputOf(`one\r\n${long}\r\n${long}`)
  await output.settled
  expect(output.takeLines()).toEqual([])
  output.finishLines()
  expect(output.takeLines()).toEqual(['one', long])
  output.add('\r\ntwo\r\n')
  await output.settled
  expect(output.view()).toMatchObject({tentative: [long, 'two'], rows: []})
  expect((await output.end()).lines).toEqual([long, 'two'])
})

test('a line of the caller between two lines leaves the later ones tentative: the program has not moved its cursor', async () => {
  const output = outputOf('one\r\ntwo')
  await output.settled
  await output.addLine('note')
  output.add('\r\nthree\r\nfour')
  await output.settled
  expect(output.takeLines()).toEqual(['one', 'two', 'note'])
  expect(output.view()).toMatchObject({tentative: ['', 'three'], rows: ['four']})
})

test('once a program has moved its cursor up, all rows of the screen stay in the view', async () => {
  const output = outputOf(`a\r\nb\r\n\u001b[2AA\r\n\r\n${printed(numbers(3, 30))}`)
  await output.settled
  expect(output.takeLines()).toEqual(['A', 'b', ...numbers(3, 10)])
  expect(output.view().rows).toEqual(numbers(11, 30))
})

test.each([
  [24, '\u001b[38;2;255;100;0mx\u001b[0m'],
  [8, '\u001b[38;5;208mx\u001b[0m'],
  [4, '\u001b[91mx\u001b[0m'],
  [1, 'x'],
] as const)('with %i bits a colour is the nearest that the terminal has', async (depth, line) => {
  expect(await linesOf('\u001b[38;2;255;100;0mx\u001b[0m', {depth})).toEqual([line])
})

test('16 and 256 colours, bold and the like are kept; blinking and hidden are not', async () => {
  const looks = ['1;31', '92;45', '38;5;200', '48;5;17', '2', '3', '4', '7', '9']
  for (const look of looks) {
    const line = `\u001b[${look}mx\u001b[0m`
    expect(await linesOf(line)).toEqual([line])
  }
  expect(await linesOf('\u001b[5mblinks\u001b[0m \u001b[8mhidden\u001b[0m')).toEqual(['blinks hidden'])
})

test('a colour is reset at the end of a line and set again in the next', async () => {
  expect(await linesOf('\u001b[31mone\r\ntwo\u001b[0m\r\nthree')).toEqual([
    '\u001b[31mone\u001b[0m',
    '\u001b[31mtwo\u001b[0m',
    'three',
  ])
})

test('whatever is printed, only text and SGR sequences are taken', async () => {
  const pieces = fc.constantFrom(
    '\u001b',
    '\u009b',
    '[',
    ']',
    '0;x\u0007',
    '\u001bP',
    '2J',
    '3J',
    '?1049h',
    'm',
    'é',
    '\r\n',
  )
  const character = fc.nat({max: 0x2fff}).map((code) => String.fromCodePoint(code))
  const text = fc.array(fc.oneof(pieces, character), {maxLength: 80}).map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(text, async (printedText) => {
      for (const line of await linesOf(printedText)) {
        expect(line.replace(/\u001b\[[\d;]*m/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }
    }),
    {numRuns: 50},
  )
})

test('a request to repeat a character endlessly is ignored', async () => {
  expect(await linesOf('x\u001b[2000000000by\r\n')).toEqual(['xy'])
})

test('a long output gives its first 400 lines at once, its last 12 at the end, and counts the rest', async () => {
  const output = outputOf(printed(numbers(1, 5000)))
  await output.settled
  expect(output.takeLines()).toEqual(numbers(1, 400))
  // As many as will be shown when it ends: a terminal that gets smaller has fewer rows to push away.
  expect(output.view().collapsedLines).toBe(4588)
  expect(output.view().rows).toEqual(numbers(4989, 5000))
  const {lines, collapsedLines, tail} = await output.end()
  expect({lines, collapsedLines, tail}).toEqual({lines: [], collapsedLines: 4588, tail: numbers(4989, 5000)})
})

test('collapsed rows that a smaller terminal has pushed into its scrollback are shown once', async () => {
  const output = outputOf(printed(numbers(1, 5000)))
  await output.settled
  output.takeLines()
  output.view().dropRows(3)
  expect(output.view()).toMatchObject({collapsedLines: 4588, rows: numbers(4992, 5000)})
  const {lines, collapsedLines, tail} = await output.end()
  expect({lines, collapsedLines, tail}).toEqual({lines: [], collapsedLines: 4588, tail: numbers(4992, 5000)})
})

test('an output a little longer than the head is shown whole', async () => {
  const {lines, collapsedLines, tail} = await outputOf(printed(numbers(1, 412))).end()
  expect(collapsedLines).toBe(0)
  expect([...lines, ...tail]).toEqual(numbers(1, 412))
})

test('without collapsing all lines are taken', async () => {
  expect(await linesOf(printed(numbers(1, 5000)), {collapse: false})).toEqual(numbers(1, 5000))
})

test('a flood faster than the terminal is counted; its end is right, with its colours', async () => {
  const output = outputOf(printed(numbers(1, 10)))
  await output.settled
  output.add(`${printed(numbers(11, 99_999))}\u001b[32m`)
  output.add(printed(numbers(100_000, 200_000)))
  const {lines, collapsedLines, tail} = await output.end()
  expect(lines).toEqual(numbers(1, 10))
  expect(collapsedLines).toBe(200_000 - 10 - 12)
  expect(tail).toEqual(numbers(199_989, 200_000).map((line) => `\u001b[32m${line}\u001b[0m`))
})

test('an endless line takes bounded memory', async () => {
  const output = outputOf('x'.repeat(200_000))
  await output.settled
  expect(output.view().rows).toHaveLength(12)
  const {lines, tail} = await output.end()
  expect([...lines, ...tail].join('').length).toBeLessThanOrEqual(65_536 + 16_384 + 512 * 80)
})

test('the alternate screen is reported, and nothing of it is taken', async () => {
  const output = outputOf('before\r\n\u001b[?1049h\u001b[2J\u001b[HEDITOR')
  await output.settled
  expect(output.view()).toMatchObject({isFullScreen: true, rows: ['before']})
  output.add('\u001b[?1049lafter\r\n')
  await output.settled
  expect(output.view().isFullScreen).toBe(false)
  const {lines} = await output.end()
  expect(lines).toEqual(['before', 'after'])
  expect(await linesOf('before\r\n\u001b[?1049hEDITOR')).toEqual(['before'])
})

test('output after a clear screen is taken', async () => {
  const output = outputOf(printed(numbers(1, 40)))
  await output.settled
  output.takeLines()
  output.add('\u001b[H\u001b[2J\u001b[3Jfresh\r\n')
  await output.settled
  expect(output.takeLines()).toEqual(numbers(21, 40))
  expect(output.view()).toMatchObject({tentative: ['fresh'], rows: []})
  expect((await output.end()).lines).toEqual(['fresh'])
})

test('a resize rewraps the rows', async () => {
  const output = outputOf(`\u001b[A${'0123456789'.repeat(10)}\r\n`)
  await output.settled
  expect(output.view().rows).toHaveLength(2)
  output.resize({cols: 40, rows: 24})
  expect(output.view().rows).toHaveLength(3)
  expect((await output.end()).lines).toEqual(['0123456789'.repeat(10)])
})

test('rows that were taken, and that a program changes when it first moves its cursor up, are taken again as they are', async () => {
  for (const cols of [80, 40]) {
    const output = outputOf(printed(numbers(1, 12)))
    await output.settled
    output.finishLines()
    expect(output.takeLines()).toEqual(numbers(1, 12))
    output.resize({cols, rows: 24})
    output.add('\u001b[9A\u001b[2Kline 4 done\u001b[9B\rend')
    await output.settled
    expect(output.view().rows).toEqual(['line 4 done', ...numbers(5, 12), 'end'])
    expect((await output.end()).lines).toEqual(['line 4 done', ...numbers(5, 12), 'end'])
  }
})

test('rows that were taken are not taken again when the cursor only passes them', async () => {
  const output = outputOf(printed(numbers(1, 12)))
  await output.settled
  output.finishLines()
  expect(output.takeLines()).toEqual(numbers(1, 12))
  output.add('\u001b7\u001b[H\u001b8end')
  await output.settled
  expect((await output.end()).lines).toEqual(['end'])
})

test('rows that are in the scrollback are not taken again', async () => {
  const output = outputOf(`\u001b[A${printed(numbers(1, 30))}`)
  await output.settled
  output.takeLines()
  const view = output.view()
  expect(view.rows[3]).toBe('line 14')
  output.add(printed(numbers(31, 32)))
  await output.settled
  view.dropRows(4)
  expect([...output.takeLines(), ...(await output.end()).lines]).toEqual([...numbers(11, 12), ...numbers(15, 32)])
})

test('a program that clears the screen, or resets the terminal, has all lines before and after', async () => {
  for (const clear of ['\u001b[H\u001b[2J\u001b[3J', '\u001bc\u001b[!p', '\u001b[2J\u001b[H'])
    expect(await linesOf(`before\r\n${clear}after\r\nlast\r\n`)).toEqual(['before', 'after', 'last'])
})

describe('links', () => {
  const link = (uri: string, text: string) => `\u001b]8;;${uri}\u001b\\${text}\u001b]8;;\u001b\\`
  const shown = (lines: readonly string[]) => lines.map((line) => line.replace(/;id=h\d+;/g, ';;'))

  test('survive, in their places, also over the end of a row', async () => {
    const long = 'x'.repeat(100)
    const lines = await linesOf(
      `a ${link('https://example.com/a', 'one')} b ${link('file:///tmp/b', 'two')}\r\n${link('http://c', long)}\r\nd\r\n`,
    )
    expect(shown(lines)).toEqual([
      `a ${link('https://example.com/a', 'one')} b ${link('file:///tmp/b', 'two')}`,
      link('http://c', long.slice(0, 80)) + link('http://c', long.slice(80)),
      'd',
    ])
  })

  test('are gone where the program has overwritten them, and where they lead to no address', async () => {
    expect(shown(await linesOf(`${link('http://a', 'old')}\rnew\r\n`))).toEqual(['new'])
    expect(
      shown(await linesOf(`${link('javascript:x', 'a')}${link('http://a b', 'b')}${link('http://é', 'c')}\r\n`)),
    ).toEqual(['abc'])
  })
})
