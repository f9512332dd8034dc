import type {ClientSession} from '@holdfast/client'
import type {AgentState} from '@holdfast/protocol'

import {findAgents} from '../../agents/find-agents.ts'
import type {SlashCommandContext} from '../slash-command.ts'

/** The open session with a coding agent. */
export interface AgentSession {
  session: ClientSession
  /** The name of the agent in the settings. */
  name: string
  agent: AgentState
}

/** The open session; undefined if it has a shell, which a notice says. */
export async function agentSession({opened, model}: SlashCommandContext): Promise<AgentSession | undefined> {
  const session = await opened()
  const {info, agent = {is_ready: false}} = session.state
  if (info.agent !== 'shell') return {session, name: info.agent, agent}
  model.setNotice(`This session has a shell, and no agent: /agent ${suggestAgent(model)} opens a session with one`)
  return undefined
}

/** The agent that the user would mean, if this machine has it. */
function suggestAgent({snapshot}: SlashCommandContext['model']): string {
  if (snapshot.machine !== undefined) return 'NAME'
  const {agents, settings} = findAgents()
  const found = agents.filter(({program}) => program !== undefined)
  return (found.find(({name}) => name === settings.agent) ?? found[0])?.name ?? 'NAME'
}

/** What a user typed for one of some choices, by its id or its name in any case; undefined if it is none of them. Pure. */
export function findChoice<Choice extends {id: string; name: string}>(
  choices: readonly Choice[],
  typed: string,
): Choice | undefined {
  const lower = typed.toLowerCase()
  return (
    choices.find(({id}) => id === typed) ??
    choices.find(({id, name}) => id.toLowerCase() === lower || name.toLowerCase() === lower)
  )
}

/** Choices for a sentence: `ask`, `code`, or `plan`. Pure. */
export function listChoices(ids: readonly string[]): string {
  return new Intl.ListFormat('en', {type: 'disjunction'}).format(ids.map((id) => `\`${id}\``))
}
