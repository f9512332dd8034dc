import {mkdirSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import type {Home} from './home.ts'

const scriptedAgent = fileURLToPath(
  new URL('../../../../packages/acp/test/fixtures/scripted-agent.ts', import.meta.url),
)

/** Writes settings with the scripted agent, named `scripted`, and more settings. Its sessions are files in the returned folder. */
export function configureAgent(home: Home, settings: object = {}, behaviour: object = {}): string {
  const sessions = `${home.user}/agent-sessions`
  mkdirSync(sessions, {recursive: true})
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  const scripted = {command: process.execPath, args: [scriptedAgent, sessions, JSON.stringify(behaviour)]}
  writeFileSync(
    `${home.user}/.config/holdfast/config.json`,
    JSON.stringify({agents: {scripted}, ...settings}, undefined, 2),
  )
  return sessions
}
