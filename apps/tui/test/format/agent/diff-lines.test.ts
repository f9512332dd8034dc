import {expect, test} from 'vitest'

import {diffLines} from '../../../src/format/agent/diff-lines.ts'

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

test('the lines of a diff make both texts, whatever they are', () => {
  // The numbers of a linear congruential generator.
  let state = 1
  const next = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 300; round++) {
    const texts = () => Array.from({length: next(12)}, () => 'abc'[next(3)] ?? '')
    const [before, after] = [texts(), texts()]
    const lines = diffLines(before, after)
    const count = (wanted: string) => lines.filter(({kind}) => kind === wanted).length
    expect(count('added') - count('removed')).toBe(after.length - before.length)
    const whole = lines.filter(({kind}) => kind !== 'gap')
    const isSubsequence = (some: readonly string[], all: readonly string[]) => {
      let at = 0
      for (const text of all) if (text === some[at]) at++
      return at === some.length
    }
    expect(
      isSubsequence(
        whole.filter(({kind}) => kind !== 'added').map((line) => line.text),
        before,
      ),
    ).toBe(true)
    expect(
      isSubsequence(
        whole.filter(({kind}) => kind !== 'removed').map((line) => line.text),
        after,
      ),
    ).toBe(true)
  }
})

test('texts that have little in common are compared in bounded time', () => {
  const lines = (name: string) => Array.from({length: 5000}, (_, at) => `${name} ${at}`)
  const started = performance.now()
  const changed = diffLines(['same', ...lines('old')], ['same', ...lines('new')])
  expect(changed).toHaveLength(10_001)
  expect(performance.now() - started).toBeLessThan(2000)
})
