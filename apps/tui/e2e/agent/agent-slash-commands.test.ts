import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {addScriptedAgent, scriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('--agent opens a session with the agent, which slash commands show and change', async () => {
  await using home = createHome()
  addScriptedAgent(home, {permissions: {read: 'allow'}})
  await using tui = await openTui(home, ['--agent', 'scripted', 'my name is Ada'], {rows: 40})
  await tui.waitFor('echo: my name is Ada')

  await tui.submit('/agent')
  await tui.waitFor(/^Agent +scripted · scripted 1\.0\.0$/m)
  await tui.waitFor(/^State +ready$/m)
  await tui.waitFor(/^Memory +1 prompt$/m)
  await tui.submit('/mode code')
  await tui.waitFor('The mode is Code')
  await tui.submit('/agent')
  await tui.waitFor(/^Mode +Code$/m)
  await tui.submit('/approvals')
  await tui.waitFor(/^ *read +allow +set in the settings$/m)
  await tui.submit('/approvals other reject')
  await tui.waitFor('`other` is rejected without asking')
  await tui.submit('ask')
  await tui.waitFor(/^no$/m)
  await tui.submit('/agent nemo')
  await tui.waitFor('There is no agent `nemo`')

  await tui.submit('/new --agent scripted')
  await tui.waitFor('Left, still open: project')
  await tui.submit('recall')
  expect((await sessionsOf(home)).map(({agent}) => agent)).toEqual(['scripted', 'scripted'])
})

test('/agent fresh makes the agent forget, and drafts a summary, which the agent then gets', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home, ['--agent', 'scripted', 'my name is Ada'], {rows: 40})
  await tui.waitFor('echo: my name is Ada')
  await tui.submit('/agent fresh')
  await tui.waitFor('It will have forgotten all that was said')
  tui.press('enter')
  await tui.waitFor('begins a new session')
  await tui.waitFor(/You have lost the memory of our conversation/)
  tui.press('enter')
  await tui.waitFor(/echo: You have lost the memory/)
  await tui.submit('recall')
  await tui.waitFor('You answered:')
})

test('/agent NAME opens a session with an agent from one with a shell', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('/model')
  await tui.waitFor('This session has a shell, and no agent')
  await tui.submit('/agent scripted')
  await tui.waitFor(/scripted .* idle/)
  await tui.submit('hello')
  await tui.waitFor('echo: hello')
})

test('/agent login lists the ways to log in, and logs in', async () => {
  await using home = createHome()
  addScriptedAgent(home, {}, {auth: 'kept'})
  await using tui = await openTui(home, ['--agent', 'scripted'], {rows: 40})
  await tui.waitFor('scripted ·')
  await tui.submit('hello')
  await tui.waitFor(/^✗ failed/m)
  await tui.submit('/agent')
  await tui.waitFor(/^State +needs a login/m)
  await tui.submit('/agent login')
  await tui.waitFor('/agent login key  API key')
  await tui.submit('/agent login key')
  await tui.waitFor('Logged in')
  await tui.submit('again')
  await tui.waitFor('echo: again')
})

test('/agent retry starts an agent again that has given up', async () => {
  await using home = createHome()
  const program = `${home.user}/agent`
  writeFileSync(program, '#!/bin/sh\nexit 3\n', {mode: 0o755})
  addScriptedAgent(home, {agents: {broken: {command: program}}})
  await using tui = await openTui(home, ['--agent', 'broken'], {rows: 40})
  await tui.waitFor(/\/agent retry starts it again/)
  await tui.submit('/agent')
  await tui.waitFor(/^State +not running: .*exited with 3/m)
  const node = process.execPath
  writeFileSync(program, `#!/bin/sh\nexec ${node} ${scriptedAgent} ${home.temporary}/agent\n`)
  await tui.submit('/agent retry')
  await until(
    async () => {
      await tui.submit('/agent')
      return /^State +ready$/m.test(tui.scrollback())
    },
    {what: 'the agent'},
  )
  await tui.submit('hello')
  await tui.waitFor('echo: hello')
})
