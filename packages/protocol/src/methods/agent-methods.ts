import * as z from 'zod/mini'

import {policySchema} from '../agent-events.ts'
import {lazily} from '../lazily.ts'
import {nothing, session} from './params.ts'

/** The methods for the coding agent of a session. All fail with `notAllowed` in a session without one. */
export const agentMethods = {
  /**
   * Changes a setting of the agent, and answers when the agent has taken it. Fails with `notAllowed` where the agent does not
   * offer it, and with `agentUnavailable` where no agent answers.
   */
  'agent.set': lazily(() => ({
    params: z.extend(session(), {
      setting: z.union([
        z.object({mode: z.string()}),
        z.object({model: z.string()}),
        z.object({option: z.string(), value: z.union([z.string(), z.boolean()])}),
      ]),
    }),
    result: nothing(),
  })),
  /** Replaces the answers that permission questions get without asking. They hold for questions that are asked from now on. */
  'agent.policy': lazily(() => ({
    params: z.extend(session(), {policy: policySchema()}),
    result: nothing(),
  })),
  /**
   * Starts the agent again, with its session, where it is `unavailable`; with `fresh`, gives up the agent's session and begins a
   * new one, which knows nothing of what was said. Answers at once: `agent.ready` or `agent.unavailable` is the outcome. Fails
   * with `notAllowed` while a prompt runs.
   */
  'agent.restart': lazily(() => ({
    params: z.extend(session(), {fresh: z.optional(z.boolean())}),
    result: nothing(),
  })),
  /** Logs in with one of the agent's `auth_methods`. Answers at once, as `agent.restart` does. */
  'agent.login': lazily(() => ({
    params: z.extend(session(), {method_id: z.string()}),
    result: nothing(),
  })),
} as const
