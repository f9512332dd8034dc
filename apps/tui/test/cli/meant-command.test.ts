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

const options = ['--continue', '--resume ID', '--shell PATH', '--version']

test.each([
  ['resume', '--resume ID'],
  ['resum', '--resume ID'],
  ['continue', '--continue'],
  ['contniue', '--continue'],
  ['version', '--version'],
  ['list', 'ls'],
  ['kill-session', 'close'],
  ['shows', 'show'],
])('suggests for %j the command or option %j', (word, meant) => {
  expect(meantCommand(word, commands, options)).toBe(meant)
})

test.each(['show', 'new', 'constructor', 'resume work'])('suggests neither a command nor an option for %j', (word) => {
  expect(meantCommand(word, commands, options)).toBeUndefined()
})

test.each(['ps', 'll', 'l', 'run', 'make', 'rn', 'shown up', 'sswho', 'closest'])(
  'suggests no command for %j',
  (word) => {
    expect(meantCommand(word, commands)).toBeUndefined()
  },
)
