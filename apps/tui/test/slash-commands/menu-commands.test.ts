import {expect, test} from 'vitest'

import {menuCommands} from '../../src/slash-commands/menu-commands.ts'

test('the commands of the agent are behind ours, marked, as plain text; one of ours comes first', () => {
  const ours = [{name: '/quit', description: 'leaves'}]
  expect(menuCommands(ours)).toEqual(ours)
  expect(
    menuCommands(ours, [
      {name: 'quit', description: 'another'},
      {name: 'in\u001b[2Jit', description: 'Sets\nit up'},
      {name: 'two words', description: ''},
    ]),
  ).toEqual([...ours, {name: '/init', description: 'agent · Sets it up'}])
})
