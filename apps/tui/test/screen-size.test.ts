import {expect, test} from 'vitest'

import {screenSize} from '../src/screen-size.ts'

test('the size of a screen is left out where it is not known', () => {
  expect(screenSize({isTTY: true, columns: 80, rows: 24})).toEqual({cols: 80, rows: 24})
  expect(screenSize({isTTY: true, columns: 0, rows: 0})).toBeUndefined()
  expect(screenSize({isTTY: true, columns: 80, rows: 0})).toBeUndefined()
  const noTerminal = {} as Parameters<typeof screenSize>[0]
  expect(screenSize(noTerminal)).toBeUndefined()
})
