import * as z from 'zod/mini'

import {agentSessionSchema, agentSettingsSchema, agentUnavailableSchema, policySchema} from './agent-events.ts'
import type {SessionEvent} from './events.ts'
import {lazily} from './lazily.ts'
import {maxSharedCommands} from './limits.ts'
import {readShellPrompt} from './shell-prompt.ts'

/** The state of the coding agent of a session: its events, reduced. */
export const agentStateSchema = lazily(() =>
  z.object({
    /** It runs, with its session. */
    is_ready: z.boolean(),
    /** Of the agent that was ready last. */
    pid: z.optional(z.int()),
    name: z.optional(z.string()),
    version: z.optional(z.string()),
    /** Why it does not answer until the user does something about it. */
    unavailable: z.optional(agentUnavailableSchema()),
    session: z.optional(agentSessionSchema()),
    settings: z.optional(agentSettingsSchema()),
    policy: z.optional(policySchema()),
    /** Tokens in the context of the model, how many it can hold, and what the session has cost. */
    usage: z.optional(
      z.object({
        used: z.number(),
        size: z.number(),
        cost: z.optional(z.object({amount: z.number(), currency: z.string()})),
      }),
    ),
    /** Commands whose output goes to the agent with the next prompt, at most `maxSharedCommands`. */
    shared: z.optional(z.array(z.string())),
    /** The prompt of the command that ran last in the shell of the session. */
    last_command: z.optional(z.string()),
    /** The session has a shell, whose end the log does not tell yet. */
    has_shell: z.optional(z.boolean()),
  }),
)
export type AgentState = z.infer<ReturnType<typeof agentStateSchema>>

/** The state of the agent after one more event; undefined in a session without one. An event that changes nothing returns the same object. Pure. */
export function reduceAgent(agent: AgentState | undefined, event: SessionEvent): AgentState | undefined {
  const state = agent ?? {is_ready: false}
  switch (event.type) {
    case 'agent.session':
      return {...state, session: event.payload}
    case 'agent.settings':
      return {...state, settings: {...event.payload, by: undefined}}
    case 'agent.policy':
      return {...state, policy: event.payload.policy}
    case 'agent.usage': {
      const {used, size, cost} = event.payload
      const price = cost === undefined ? {} : {cost: {amount: cost.amount, currency: cost.currency}}
      return {...state, usage: {used, size, ...price}}
    }
    case 'agent.ready': {
      const {pid, name, version} = event.payload
      return {...state, is_ready: true, pid, name, version, unavailable: undefined}
    }
    case 'agent.exited':
      return {...state, is_ready: false}
    case 'agent.unavailable':
      return {...state, is_ready: false, unavailable: event.payload}
    case 'prompt.shared': {
      const {prompt_id} = event.payload
      const others = (state.shared ?? []).filter((id) => id !== prompt_id)
      return {...state, shared: [...others, prompt_id].slice(-maxSharedCommands)}
    }
    case 'message.start': {
      const {prompt_id, text, in_shell} = event.payload
      // They go to the agent with this prompt.
      if (in_shell !== true) return agent?.shared === undefined ? agent : {...state, shared: undefined}
      const runs = readShellPrompt(text)?.command !== ''
      return runs ? {...state, last_command: prompt_id, has_shell: true} : agent
    }
    case 'shell.exited':
      return agent === undefined ? agent : {...state, has_shell: undefined}
    default:
      return agent
  }
}
