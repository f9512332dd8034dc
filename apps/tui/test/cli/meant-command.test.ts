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
])('suggests for %j the command %j', (word, meant) => {
  expect(meantCommand(word, commands)).toBe(meant)
})

test.each(['ps', 'll', 'l', 'run', 'make', 'rn', 'shown up', 'sswho', 'closest'])(
  'suggests no command for %j',
  (word) => {
    expect(meantCommand(word, commands)).toBeUndefined()
  },
)
