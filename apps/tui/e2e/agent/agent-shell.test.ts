import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {openTui} from '../support/tui.ts'

test('the agent gets the output of a command with the next prompt; its own commands are shown with their output', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.waitFor(/project · scripted · .* · idle/)
  await tui.submit('!!echo from the shell')
  await tui.waitFor('from the shell\n✓')
  expect(tui.outputOf('!!echo from the shell')).toEqual([
    'The next prompt brings the output of this command to the agent.',
    'from the shell',
  ])
  await tui.submit('hello')
  await tui.waitFor('\nhello\n✓')
  expect(tui.screen()).toContain('echo: The user ran echo from the shell (exit 0):\nfrom the shell\n')
  await tui.submit('run echo by the agent')
  await tui.waitFor('\n0\n✓')
  expect(tui.outputOf('run echo by the agent')).toEqual(['$ echo by the agent', '  by the agent', 'by the agent', '0'])
  await tui.submitLast('/quit')
  expect(await tui.exited).toBe(0)
})
