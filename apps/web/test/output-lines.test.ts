import {expect, test} from 'vitest'

import {createOutputLines} from '../src/transcript/output-lines.ts'
import {applySgr, paletteColor} from '../src/transcript/text-style.ts'

function linesOf(...outputs: readonly string[]): string[] {
  const output = createOutputLines()
  for (const each of outputs) output.add(each)
  return output.lines.map(({segments}) => segments.map(({text}) => text).join(''))
}

test.each([
  ['one\r\ntwo', ['one', 'two']],
  ['10%\r20%\r100%\r\n', ['100%']],
  ['loading\r\u001b[Kdone\n', ['done']],
  ['abc\b\bX', ['aXc']],
  ['a\u001b[5Gb', ['a   b']],
  ['one\ntwo\nthree\n\u001b[2A\u001b[2KTWO\n', ['one', 'TWO', 'three']],
  ['a\nb\nc\u001b[2A\r\u001b[JX', ['X']],
  ['old\n\u001b[H\u001b[2Jnew', ['old', 'new']],
  ['title\u001b]0;x\u0007 stays', ['title stays']],
  ['日本\rX', ['X本']],
])('%j is shown as %j', (output, lines) => {
  expect(linesOf(output)).toEqual(lines)
})

test('output may be split anywhere', () => {
  const output = 'one\u001b[31m red\u001b[0m\ntwo\r\n10%\r\u001b[K20%'
  const whole = linesOf(output)
  for (let at = 1; at < output.length; at++) expect(linesOf(output.slice(0, at), output.slice(at))).toEqual(whole)
})

test('a program does not move above its own screen, nor clear what was printed before', () => {
  expect(linesOf('kept\n\u001b[2J', '\u001b[99Anew')).toEqual(['kept', 'new'])
})

test('of a long output, the oldest lines are dropped and counted', () => {
  const output = createOutputLines()
  output.add('x\n'.repeat(25_000))
  expect(output.lines.length + output.dropped).toBe(25_000)
  expect(output.lines.length).toBeLessThanOrEqual(10_001)
})

test('a line without an end is bounded', () => {
  const output = createOutputLines()
  output.add('x'.repeat(100_000))
  expect(output.lines.map(({segments}) => segments[0]?.text.length)).toEqual([32_768, 32_768, 32_768, 1696])
})

test('a note stands on a line of its own', () => {
  const output = createOutputLines()
  output.add('half')
  output.addNote('… left out …')
  output.add('rest')
  expect(output.lines.map(({segments, isNote}) => [segments[0]?.text, isNote])).toEqual([
    ['half', undefined],
    ['… left out …', true],
    ['rest', undefined],
  ])
})

test.each([
  ['\u001b[1;31m', {isBold: true, color: 1}],
  ['\u001b[97;44m', {color: 15, background: 4}],
  ['\u001b[38;5;208m', {color: 208}],
  ['\u001b[38;2;1;2;255;4m', {color: '#0102ff', isUnderlined: true}],
  ['\u001b[38:2::1:2:3m', {color: '#010203'}],
  ['\u001b[48:5:9;7m', {background: 9, isInverse: true}],
  ['\u001b[38;5;999m', undefined],
  ['\u001b[m', undefined],
])('%j sets %j', (escape, style) => {
  expect(applySgr(undefined, escape)).toEqual(style)
})

test('a style ends as it began', () => {
  const bold = applySgr(undefined, '\u001b[1;2;3;4;7;9;31;42m')
  expect(applySgr(bold, '\u001b[22;23;24;27;29;39;49m')).toBeUndefined()
  expect(applySgr(bold, '\u001b[0;4m')).toEqual({isUnderlined: true})
})

test.each([
  [16, '#000000'],
  [208, '#ff8700'],
  [231, '#ffffff'],
  [232, '#080808'],
  [255, '#eeeeee'],
])('colour %d of the palette is %s', (index, color) => {
  expect(paletteColor(index)).toBe(color)
})
