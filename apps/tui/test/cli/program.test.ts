import {describe, expect, test} from 'vitest'

import {createProgram} from '../../src/cli/program.ts'

const all = createProgram().commands
/** All but `help`, which needs the others. */
const names = all.map((command) => command.name()).filter((name) => name !== 'help')

test.each(['constructor', 'toString', 'help', '--connect', 'list the files'])(
  'describes all commands if the first argument is no command: `%s`',
  (firstArg) => {
    expect(names).toContain('run')
    expect(createProgram(firstArg).commands.map((command) => command.name())).toEqual([...names, 'help'])
  },
)

describe.each(names)('if the first argument is `%s`', (name) => {
  const {commands} = createProgram(name)

  test('describes no other command', () => {
    expect(commands.map((command) => command.name())).toEqual([name])
  })

  test('its help is the same as among the others', () => {
    const beside = all.find((command) => command.name() === name)
    expect(commands[0]?.helpInformation()).toBe(beside?.helpInformation())
  })
})
