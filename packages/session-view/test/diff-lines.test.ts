import {expect, test} from 'vitest'
import {diffLines} from '../src/index.ts'

const signs = {same: ' ', added: '+', removed: '-', gap: '@'}
const diff = (before: string, after: string) =>
  diffLines(before.split(''), after.split(''))
    .map(({kind, text}) => signs[kind] + (kind === 'gap' ? '' : text))
    .join('')

test.each([
  ['', 'ab', '+a+b'],
  ['ab', '', '-a-b'],
  ['abc', 'abc', ''],
  ['abc', 'axc', ' a-b+x c'],
  ['0123456789', '012345678', ' 7 8-9'],
  ['abcdefghij', 'aBcdefghiJ', ' a-b+B c d@ h i-j+J'],
  ['abcab', 'cabx', '-a-b c a b+x'],
])('%j to %j is %s', (before, after, expected) => {
  expect(diff(before, after)).toBe(expected)
})

test('of texts that have little in common, all lines count as changed', () => {
  const lines = (name: string) => Array.from({length: 5000}, (_, at) => `${name} ${at}`)
  const changed = diffLines(['same', ...lines('old')], ['same', ...lines('new')])
  expect(changed.filter(({kind}) => kind === 'removed')).toHaveLength(5001)
  expect(changed.filter(({kind}) => kind === 'added')).toHaveLength(5001)
})
