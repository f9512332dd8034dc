import {expect, test} from 'vitest'

import type {Cell} from '../../../packages/picture/src/cells.ts'
import {normalizeRow, textOf} from '../normalize.ts'

const cells = (text: string, style = {}): Cell[] =>
  Array.from(text, (character) => ({text: character, cells: 1, style}))

test('a replacement has the style of the first cell of its match, and the rest of the row moves', () => {
  const row = [...cells('took '), ...cells('12.3 s', {dim: true}), ...cells(' · idle')]
  const normalized = normalizeRow(row, [[/\d+\.\d s/, '1 s']])
  expect(textOf(normalized)).toBe('took 1 s · idle')
  expect(normalized[5]).toEqual({text: '1', cells: 1, style: {dim: true}})
  expect(normalized[8]?.style).toEqual({})
})

test('finds matches behind wide characters and emoji', () => {
  const row = [{text: '👍', cells: 2, style: {}}, ...cells(' 7 s')]
  expect(textOf(normalizeRow(row, [[/\d s/, '1 s']]))).toBe('👍 1 s')
})
