import type {AgentSetup} from '@holdfast/host'

import {findProgram} from '../process/find-program.ts'
import {expectAgent, findAgents} from './find-agents.ts'

const msPerMinute = 60_000

/**
 * How to run an agent, as the settings and `$PATH` of this process are now. Throws an error for the user if it cannot be run.
 */
export function readAgent(name: string): AgentSetup {
  const found = findAgents()
  const {program, args, env} = expectAgent(name, found)
  const {mcpServers, folders, permissions, hibernateAfterMinutes} = found.settings
  return {
    command: program,
    args,
    env,
    // Agents expect the path of the server.
    mcpServers: Object.entries(mcpServers).map(([serverName, server]) => ({
      name: serverName,
      ...('command' in server ? {...server, command: findProgram(server.command) ?? server.command} : server),
    })),
    folders,
    policy: permissions,
    hibernateAfterMs: hibernateAfterMinutes * msPerMinute,
  }
}
