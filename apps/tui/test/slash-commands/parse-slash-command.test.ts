import {expect, test} from 'vitest'

import {parseSlashCommand} from '../../src/slash-commands/parse-slash-command.ts'
import type {SlashCommand} from '../../src/slash-commands/slash-command.ts'

const command = (name: SlashCommand['name'], argument?: string): SlashCommand => ({
  name,
  description: 'does it',
  run() {},
  ...(argument === undefined ? {} : {argument}),
})
const commands = [command('/quit'), command('/title', 'TITLE'), command('/new', '[FOLDER]')]

/** The slash command and its argument, or what else the line is. */
function read(line: string) {
  const found = parseSlashCommand(line, commands)
  return found.kind === 'command' ? [found.command.name, found.argument] : found
}

test.each([
  ['/quit', ['/quit', '']],
  ['/quit ', ['/quit', '']],
  ['/title  two words ', ['/title', 'two words']],
  ['/new', ['/new', '']],
  ['/new ~/src', ['/new', '~/src']],
  ['/usr/bin/env', {kind: 'prompt'}],
  ['/entrypoint.sh now', {kind: 'prompt'}],
  [' /init', {kind: 'prompt'}],
  ['ls /quit', {kind: 'prompt'}],
  ['/', {kind: 'prompt'}],
  ['//', {kind: 'prompt'}],
])('%j is %j', (line, expected) => {
  expect(read(line)).toEqual(expected)
})

test('a command of the coding agent is a prompt, unless the screen has one of the same name', () => {
  const agentCommands = [{name: 'review'}, {name: 'quit'}]
  expect(parseSlashCommand('/review src', commands, agentCommands)).toEqual({kind: 'prompt'})
  expect(parseSlashCommand('/quit', commands, agentCommands)).toMatchObject({kind: 'command'})
  expect(parseSlashCommand('/reveiw', commands, agentCommands)).toMatchObject({
    why: expect.stringContaining('Did you mean /review?'),
  })
})

const known = 'Expected one of the commands that /help lists, got'

test.each([
  ['/help', `${known} \`/help\`. To run a program of that name, type a space before it`],
  [
    '/Help me with all that I have',
    `${known} \`/Help me with all th…\`. To run a program of that name, type a space before it`,
  ],
  ['/Quit', `${known} \`/Quit\`. Did you mean /quit? To run a program of that name, type a space before it`],
  ['/quit now', 'Expected `/quit` alone, got `/quit now`'],
  ['/title ', 'Expected `/title TITLE`, got `/title`'],
])('%j is refused with the correct usage', (line, why) => {
  expect(parseSlashCommand(line, commands)).toEqual({kind: 'refused', why})
})
