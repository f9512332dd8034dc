import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {EventLog} from '@holdfast/event-log'
import type {Size} from '@holdfast/shell'

import type {createAcpAgent as CreateAcpAgent} from './acp/acp-agent.ts'
import type {AgentSetup} from './acp/agent-setup.ts'
import type {Agent} from './agent.ts'
import {createCodingAgent} from './coding-agent.ts'
import {createMissingAgent} from './missing-agent.ts'
import {createProgramAgent} from './program-agent.ts'
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

/** Opens what runs the prompts of a session: its shell, its one program, or its coding agent. */
export type OpenAgent = (options: OpenAgentOptions) => Agent

/**
 * Loads what opens an agent of this name; `shell` needs nothing more. The client of coding agents takes 8 MiB of memory, which
 * no host of a shell should have.
 */
export async function loadOpenAgent(name: string): Promise<OpenAgent> {
  if (name === 'shell') return openShell
  const {createAcpAgent} = await import('./acp/acp-agent.ts')
  return (options) => openCodingAgent(options, createAcpAgent)
}

const openShell: OpenAgent = ({log, size, temporary, env}) => {
  const {shell, program, cwd} = log.state()!.info
  if (program !== undefined) return createProgramAgent({program, cwd, size, env})
  return createShellAgent({cwd, path: shell, size, temporary, env})
}

function openCodingAgent(options: OpenAgentOptions, createAcpAgent: typeof CreateAcpAgent): Agent {
  const {log, size, temporary, env} = options
  const {cwd} = log.state()!.info
  return createCodingAgent({
    agent: openAcpAgent(options, createAcpAgent),
    openShell: (shellSize) => createShellAgent({cwd, size: shellSize, temporary, env}),
    cwd,
    size,
    lastCommand: () => log.state()?.agent?.last_command,
  })
}

function openAcpAgent(
  {log, readAgent, version, size, env, breadcrumbs}: OpenAgentOptions,
  createAcpAgent: typeof CreateAcpAgent,
): Agent {
  const state = log.state()!
  const {agent: name, cwd} = state.info
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
  return createAcpAgent({...agent, size, breadcrumbs})
}
