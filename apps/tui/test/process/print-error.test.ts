import {expect, test} from 'vitest'

import {beginInLowerCase} from '../../src/process/print-error.ts'

test.each([
  ['Session x is closed', 'session x is closed'],
  ['A newer version of Holdfast wrote it', 'a newer version of Holdfast wrote it'],
  ['Ctrl-C leaves', 'Ctrl-C leaves'],
  ['SIGTERM ended it', 'SIGTERM ended it'],
  ['there is no session x', 'there is no session x'],
  ['', ''],
])('%j is printed as %j', (sentence, printed) => {
  expect(beginInLowerCase(sentence)).toBe(printed)
})
