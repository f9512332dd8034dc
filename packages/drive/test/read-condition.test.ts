import {expect, test} from 'vitest'

import {readScreenCondition} from '../src/index.ts'

test('a wait has one condition', () => {
  expect(readScreenCondition({text: 'a', regex: undefined})).toEqual({text: 'a'})
  expect(readScreenCondition({regex: '^a$'})).toEqual({regex: /^a$/mu})
  expect(readScreenCondition({exit: true})).toEqual({exit: true})
  expect(readScreenCondition({cursor: {row: 0, col: 1}})).toEqual({cursor: {row: 0, col: 1}})
  expect(readScreenCondition({idle_ms: 5})).toEqual({idleMs: 5})
  expect(() => readScreenCondition({})).toThrow(/got none$/)
  expect(() => readScreenCondition({text: 'a', exit: true})).toThrow(/got text and exit$/)
  expect(() => readScreenCondition({regex: '('})).toThrow(/^expected a regular expression of JavaScript/)
})
