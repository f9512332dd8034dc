import type {Command} from 'commander'

import {UserError} from '../process/user-error.ts'
import {isRemote, type GatewayChoice} from '../sessions/gateway-choice.ts'

/**
 * The agent of `--agent [NAME]`, if there is one. An agent that cannot be run is refused here, before anything is created; one on
 * another machine by its host.
 */
export async function chosenAgent(command: Command, gateway: GatewayChoice): Promise<string | undefined> {
  const {agent, shell} = command.optsWithGlobals<{agent?: string | true; shell?: string}>()
  if (agent === undefined) return undefined
  if (shell !== undefined) command.error('error: expected --agent or --shell, got both')
  if (agent !== true && isRemote(gateway)) return agent
  const {expectAgent, findAgents} = await import('../agents/find-agents.ts')
  const found = findAgents()
  const name = agent === true ? found.settings.agent : agent
  if (name === undefined) command.error(`error: expected --agent NAME, or a default: \`agent\` in ${found.file}`)
  if (!isRemote(gateway)) {
    try {
      expectAgent(name, found)
    } catch (error) {
      throw new UserError((error as Error).message, {code: 'usage', cause: error})
    }
  }
  return name
}
