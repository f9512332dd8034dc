import {describe, expect, test} from 'vitest'

import {createProgram} from '../../src/cli/program.ts'

const all = createProgram().commands
const names = all.map((command) => command.name())

test.each(['constructor', 'toString', 'help', '--connect', 'list the files'])(
  'all commands are there where the first word, `%s`, is none of them',
  (word) => {
    expect(names).toContain('run')
    expect(createProgram(word).commands.map((command) => command.name())).toEqual(names)
  },
)

describe.each(names)('where the first word is `%s`', (name) => {
  const {commands} = createProgram(name)

  test('no other command is there', () => {
    expect(commands.map((command) => command.name())).toEqual([name])
  })

  test('its help is as it is beside the others', () => {
    const beside = all.find((command) => command.name() === name)
    expect(commands[0]?.helpInformation()).toBe(beside?.helpInformation())
  })
})
