import {readFileSync} from 'node:fs'

import {describe, expect, test} from 'vitest'

import {helpCommands} from '../../src/cli/help-commands.ts'
import {createProgram} from '../../src/cli/program.ts'

const all = createProgram().commands
/** These need the others. */
const aboutOthers = ['help', ...Object.keys(helpCommands)]
const names = all.map((command) => command.name()).filter((name) => !aboutOthers.includes(name))

test.each(['constructor', 'toString', 'help', '--connect', 'list the files'])(
  'describes all commands if the first argument is no command: `%s`',
  (firstArg) => {
    expect(names).toContain('run')
    expect(createProgram(firstArg).commands.map((command) => command.name())).toEqual([...names, ...aboutOthers])
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

describe('docs/command.md', () => {
  const page = readFileSync(new URL('../../../../docs/command.md', import.meta.url), 'utf8')
  const synopsis = page.split('\n\n')[2]?.split('\n') ?? []
  // `createHelp` leaves out internal commands.
  const visible = createProgram().createHelp().visibleCommands(createProgram())

  test('its synopsis lists each command, in the order of --help', () => {
    const listed = synopsis.flatMap((line) => /^    holdfast ([a-z]+)/.exec(line)?.[1] ?? [])
    expect(listed).toEqual(visible.map((command) => command.name()))
  })

  test.each(visible.map((command) => [command.name(), command] as const))(
    'its synopsis of %s has each option, and no other',
    (name, command) => {
      const line = synopsis.find((one) => one.startsWith(`    holdfast ${name} `)) ?? `    holdfast ${name}`
      const listed = line.match(/--[a-z][a-z-]*/g) ?? []
      const options = command.options.flatMap(({long}) => long ?? [])
      // Which the page describes once for all commands that have them.
      const common = [
        ...(options.includes('--connect') ? ['--connect', '--token-file'] : []),
        ...options.filter((option) => /^--(?:creds|fleet.*)$/.test(option)),
      ]
      expect(new Set(listed)).toEqual(new Set(options.filter((option) => !common.includes(option))))
    },
  )
})
