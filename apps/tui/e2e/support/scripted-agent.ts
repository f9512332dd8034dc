import {mkdirSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import type {Home} from './home.ts'

export const scriptedAgent = fileURLToPath(
  new URL('../../../../packages/acp/test/fixtures/scripted-agent.ts', import.meta.url),
)

/** Makes the scripted agent the agent `scripted` of the user's settings. `settings`: more of them. `behaviour`: see its fixture. */
export function addScriptedAgent(home: Home, settings: object = {}, behaviour: object = {}): void {
  const memory = `${home.temporary}/agent`
  const folder = `${home.user}/.config/holdfast`
  mkdirSync(memory, {recursive: true})
  mkdirSync(folder, {recursive: true})
  const agents = {scripted: {command: process.execPath, args: [scriptedAgent, memory, JSON.stringify(behaviour)]}}
  writeFileSync(`${folder}/config.json`, JSON.stringify({agents, ...settings}))
}
