import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {EventLog} from '@holdfast/event-log'
import type {Size} from '@holdfast/shell'

import {createAcpAgent} from './acp/acp-agent.ts'
import type {AgentSetup} from './acp/agent-setup.ts'
import type {Agent} from './agent.ts'
import {createMissingAgent} from './missing-agent.ts'
import {createShellAgent} from './shell-agent.ts'

export interface OpenAgentOptions {
  /** A log that contains event 1 at least. */
  log: EventLog
  readAgent: ((name: string) => AgentSetup) | undefined
  version: string
  size: Size
  temporary: string
  env: Readonly<Record<string, string>>
  breadcrumbs: Breadcrumbs
}

/** Opens what runs the prompts of a session: its shell, or its coding agent. */
export function openAgent({log, readAgent, version, size, temporary, env, breadcrumbs}: OpenAgentOptions): Agent {
  const state = log.state()!
  const {agent: name, shell, cwd} = state.info
  if (name === 'shell') return createShellAgent({cwd, path: shell, size, temporary, env})
  let setup: AgentSetup
  try {
    if (readAgent === undefined) throw new Error('This host runs no coding agents')
    setup = readAgent(name)
  } catch (error) {
    // The settings have changed: what was said stays readable.
    return createMissingAgent(error)
  }
  const policy = () => log.state()?.agent?.policy
  const agent = {name, setup, mark: log.sessionId, env, cwd, before: state.agent, policy, version}
  return createAcpAgent({...agent, breadcrumbs})
}
