import {expectAgent, findAgents} from '../../agents/find-agents.ts'
import type {SlashCommandContext} from '../slash-command.ts'

/** Why an agent cannot be run. The agents of another machine are in its settings: its host says so. */
export function agentProblem(model: SlashCommandContext['model'], agent: string): string | undefined {
  if (model.snapshot.machine !== undefined) return undefined
  try {
    expectAgent(agent, findAgents())
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
