import {setTimeout as delay} from 'node:timers/promises'

import type {Home} from '../../../apps/tui/e2e/support/home.ts'
import {startMcp} from '../../../apps/tui/e2e/support/mcp.ts'
import {createDemo} from '../demo.ts'

/** The name of its picture in docs/pictures. */
export const agentPicture = 'driven-holdfast'

/** As long as a reader needs for a screen, ms. */
const lookMs = 1200

const tests = 'for n in 1 2 3 4; do echo "test $n: ok"; sleep 0.8; done'

/**
 * A coding agent, here a script, uses the screen of Holdfast in a session of its own, by the tools of `holdfast mcp`. Resolves with
 * what `holdfast screenshot` and `holdfast record` make of that session.
 */
export async function recordAgentStory(): Promise<{picture: string; cast: string}> {
  await using demo = createDemo()
  const {home, project} = demo
  await using mcp = await startMcp(home)
  const call = async (tool: string, args: Record<string, unknown>) => {
    const {facts, problem, text} = await mcp.call(tool, args)
    if (problem !== undefined) throw new Error(`${tool}: ${problem}\n${text}`)
    return facts
  }
  const program = home.launch(project, [])
  const opened = await call('open', {program, cwd: project, title: 'An agent tries Holdfast', cols: 90, rows: 24})
  const session = opened['session'] as string
  const press = (...keys: string[]) => call('keys', {session, keys})
  const see = async (wanted: Record<string, unknown>) => {
    await call('wait', {session, ...wanted})
    await delay(lookMs)
  }

  await see({text: '· idle'})
  await press(tests, 'Enter')
  await see({regex: '^test 1: ok$'})
  await press('echo all green', 'Enter')
  await see({regex: '^all green$'})
  const picture = await printed(home, 'screenshot', session, '--format', 'svg')
  await press('/')
  await see({stable_ms: 300})
  await press('Escape')
  await see({stable_ms: 300})
  await press('BSpace')
  await see({stable_ms: 300})
  await press('C-d')
  await see({text: 'again to leave'})
  await press('C-d')
  await call('wait', {session, exit: true})

  return {picture, cast: await printed(home, 'record', session)}
}

async function printed(home: Home, ...args: string[]): Promise<string> {
  const {stdout, stderr, exitCode} = await home.holdfast(args)
  if (exitCode !== 0) throw new Error(`\`holdfast ${args[0]}\` exited with ${exitCode}: ${stderr}`)
  return stdout
}
