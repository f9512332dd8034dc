import {expect, test} from 'vitest'

import {markFound, searchWords} from '../src/search/search-words.ts'

test('a query is its words, within the bounds of a search', () => {
  expect(searchWords('  npm   test\n')).toEqual(['npm', 'test'])
  expect(searchWords('   ')).toEqual([])
  expect(searchWords('x '.repeat(30))).toHaveLength(16)
  expect(searchWords('x'.repeat(300))[0]).toHaveLength(200)
})

test('marks what was found in any case, and takes no word for a pattern', () => {
  const parts = markFound('Tests (3) failed: test.ts', ['test', '(3)'])
  expect(parts.filter(({isFound}) => isFound).map(({text}) => text)).toEqual(['Test', '(3)', 'test'])
  expect(parts.map(({text}) => text).join('')).toBe('Tests (3) failed: test.ts')
})
