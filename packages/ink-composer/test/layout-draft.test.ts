import * as fc from 'fast-check'
import stringWidth from 'string-width'
import {afterEach, expect, test, vi} from 'vitest'

import {emptyDraft, type Draft} from '../src/draft/draft.ts'
import {layoutDraft} from '../src/draft/layout-draft.ts'
import {placeInDraft, showDraft} from '../src/draft/shown-draft.ts'

afterEach(() => void vi.restoreAllMocks())

/** The rows, with the cursor in brackets and labels in braces. */
function rowsOf(drawn: Draft, room: {columns: number; rows: number}): string[] {
  const marks = {text: ['', ''], cursor: ['[', ']'], label: ['{', '}']} as const
  return layoutDraft(showDraft(drawn), room).rows.map((row) =>
    row.map(({text, kind}) => marks[kind][0] + text + marks[kind][1]).join(''),
  )
}

function draft(text: string): Draft {
  const cursor = text.indexOf('|')
  return {...emptyDraft, text: text.replace('|', ''), cursor}
}

const size = {columns: 6, rows: 4}

test.each<[string, string[]]>([
  ['|', ['[ ]']],
  ['ab|cd', ['ab[c]d']],
  ['abcdef|', ['abcdef', '[ ]']],
  ['abcdef|gh', ['abcdef', '[g]h']],
  ['one|\ntwo', ['one[ ]', 'two']],
  ['one\n|\ntwo', ['one', '[ ]', 'two']],
  ['日本語|x', ['日本語', '[x]']],
  ['a日本|語', ['a日本', '[語]']],
  ['a\t|b', ['a    [b]']],
  ['a\u001b|\u0007', ['a␛[␇]']],
  ['a\u200b|b', ['a�[b]']],
])('%j is drawn as %j', (text, rows) => {
  expect(rowsOf(draft(text), size)).toEqual(rows)
})

test('the rows around the cursor are drawn if not all fit', () => {
  const text = '1\n2\n3\n4\n5\n6'
  expect(rowsOf({...emptyDraft, text, cursor: text.length}, size)).toEqual(['3', '4', '5', '6[ ]'])
  expect(rowsOf({...emptyDraft, text, cursor: 0}, size)).toEqual(['[1]', '2', '3', '4'])
})

test('a collapsed range is drawn as its label', () => {
  const collapsedDraft: Draft = {text: 'a long text b', cursor: 11, collapsed: [{start: 2, end: 11, label: '[9]'}]}
  expect(rowsOf(collapsedDraft, {columns: 20, rows: 4})).toEqual(['a {[9]}[ ]b'])
})

test('reads only the characters of a 4 MB draft that may fit', () => {
  const text = 'x'.repeat(4_000_000)
  const {segment} = Intl.Segmenter.prototype
  let lookedAt = 0
  vi.spyOn(Intl.Segmenter.prototype, 'segment').mockImplementation(function (this: Intl.Segmenter, part) {
    lookedAt += part.length
    return segment.call(this, part)
  })
  const {rows} = layoutDraft({text, cursor: 2_000_000, labels: []}, {columns: 80, rows: 8})
  expect(rows).toHaveLength(8)
  expect(lookedAt).toBe(2 * 80 * 8)
})

test('any draft has rows that fit and one cursor', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '日',
    '\u{1f980}',
    'e\u0301',
    '\n',
    '\t',
    '\u001b',
    '\u{1f468}\u200d\u{1f469}',
  )
  fc.assert(
    fc.property(fc.array(piece), fc.nat(), fc.integer({min: 4, max: 30}), (pieces, at, columns) => {
      const before = pieces.slice(0, pieces.length === 0 ? 0 : at % (pieces.length + 1)).join('')
      const {rows} = layoutDraft({text: pieces.join(''), cursor: before.length, labels: []}, {columns, rows: 5})
      expect(rows.length).toBeLessThanOrEqual(5)
      for (const row of rows) expect(stringWidth(row.map(({text}) => text).join(''))).toBeLessThanOrEqual(columns)
      expect(rows.flat().filter(({kind}) => kind === 'cursor')).toHaveLength(1)
    }),
  )
})

test('places map from the shown draft to the draft and back', () => {
  const collapsed = [
    {start: 2, end: 5, label: '[a longer label]'},
    {start: 7, end: 30, label: '[b]'},
  ]
  const text = 'x'.repeat(40)
  for (const cursor of [0, 2, 5, 6, 7, 30, 35, 40]) {
    expect(placeInDraft({text, collapsed, cursor}, showDraft({text, collapsed, cursor}).cursor)).toBe(cursor)
  }
  expect(placeInDraft({text, collapsed, cursor: 0}, 4)).toBe(2)
  expect(placeInDraft({text, collapsed, cursor: 0}, 16)).toBe(5)
})
