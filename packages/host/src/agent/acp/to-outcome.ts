import type {PromptEnd} from '@holdfast/acp'

import type {PromptOutcome} from '../agent.ts'

/** An error of an agent is shown on a line or two, characters. */
const maxReasonLength = 1000

/** How a prompt ended, for the log. `hasDied`: the agent has exited since the prompt was sent. Pure. */
export function toOutcome(end: PromptEnd, hasDied: boolean): PromptOutcome {
  switch (end.kind) {
    case 'complete':
      return {status: 'complete', ...(end.stopReason !== 'end_turn' && {reason: end.stopReason})}
    case 'cancelled':
      return {status: 'interrupted', reason: 'user'}
    case 'interrupted':
      return {status: 'interrupted', reason: hasDied ? 'agent-died' : end.reason.slice(0, maxReasonLength)}
    case 'failed':
      return {status: 'failed', reason: end.authRequired ? 'login-required' : end.message.slice(0, maxReasonLength)}
  }
}
