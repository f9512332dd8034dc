import {expect, test} from 'vitest'

import {meantCommand} from '../../src/cli/meant-command.ts'

const commands = ['run', 'ls', 'show', 'close']

test.each([
  ['lss', 'ls'],
  ['rnu', 'run'],
  ['runn', 'run'],
  ['ruin', 'run'],
  ['shw', 'show'],
  ['shoe', 'show'],
  ['hsow', 'show'],
  ['colse', 'close'],
  ['closee', 'close'],
  ['lose', 'close'],
])('by %j was meant %j', (word, meant) => {
  expect(meantCommand(word, commands)).toBe(meant)
})

test.each(['ps', 'll', 'l', 'run', 'make', 'rn', 'shown up', 'sswho', 'closest'])('%j is what it is', (word) => {
  expect(meantCommand(word, commands)).toBeUndefined()
})
