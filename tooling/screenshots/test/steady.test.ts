import {expect, test} from 'vitest'

import type {Cell} from '../read-cells.ts'
import {steadyRow} from '../steady.ts'

const cells = (text: string, style = {}): Cell[] =>
  Array.from(text, (character) => ({text: character, width: 1, style}))
const textOf = (row: readonly Cell[]) => row.map(({text}) => text).join('')

test('a match is written over in the style of its beginning, and the rest of the row moves', () => {
  const row = [...cells('took '), ...cells('12.3 s', {dim: true}), ...cells(' · idle')]
  const steady = steadyRow(row, [[/\d+\.\d s/, '1 s']])
  expect(textOf(steady)).toBe('took 1 s · idle')
  expect(steady[5]).toEqual({text: '1', width: 1, style: {dim: true}})
  expect(steady[8]?.style).toEqual({})
})

test('behind wide characters and emoji it is found as well', () => {
  const row = [{text: '👍', width: 2, style: {}}, ...cells(' 7 s')]
  expect(textOf(steadyRow(row, [[/\d s/, '1 s']]))).toBe('👍 1 s')
})
