import {expect, test} from 'vitest'

import {regularExpression, someText} from '../../src/cli/screen-condition.ts'

test('a wait is for a text or an expression that not every screen has', () => {
  expect(someText(' ')).toBe(' ')
  expect(regularExpression('^a$')).toEqual(/^a$/mu)
  for (const read of [someText, regularExpression]) expect(() => read('')).toThrow('Expected a text that is not empty.')
  expect(() => regularExpression('(')).toThrow('Unterminated group')
})
