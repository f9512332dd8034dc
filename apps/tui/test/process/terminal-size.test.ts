import {expect, test} from 'vitest'

import {terminalSize} from '../../src/process/terminal-size.ts'

test('the size of a screen is left out where it is not known', () => {
  expect(terminalSize({isTTY: true, columns: 80, rows: 24})).toEqual({cols: 80, rows: 24})
  expect(terminalSize({isTTY: true, columns: 0, rows: 0})).toBeUndefined()
  expect(terminalSize({isTTY: true, columns: 80, rows: 0})).toBeUndefined()
  const noTerminal = {} as Parameters<typeof terminalSize>[0]
  expect(terminalSize(noTerminal)).toBeUndefined()
})
