/** How a prompt ended. */
export type PromptEnd =
  /** `end_turn`, `max_tokens`, `max_turn_requests`, `refusal`, or what else the agent says. */
  | {kind: 'complete'; stopReason: string}
  /** The user cancelled it. `sent: false`: nothing of it has happened. */
  | {kind: 'cancelled'; sent: boolean}
  /** The agent answered with an error. `authRequired`: the login expired. */
  | {kind: 'failed'; code: number; message: string; authRequired: boolean}
  /** The agent died, or gave up by itself. What it did until then has happened, and the prompt is not sent again. */
  | {kind: 'interrupted'; reason: string}

/** What an answer to a prompt says. An agent whose processes are being killed may still answer `cancelled`: that was not the user. */
export function judgeStop(
  stopReason: string,
  {isCancelled, isRejected}: {isCancelled: boolean; isRejected: boolean},
): PromptEnd {
  if (stopReason !== 'cancelled') return {kind: 'complete', stopReason}
  if (isCancelled) return {kind: 'cancelled', sent: true}
  // Some agents stop there, and wait for another prompt.
  if (isRejected) return {kind: 'interrupted', reason: 'the agent stopped, as its question was rejected'}
  return {kind: 'interrupted', reason: 'the agent cancelled the prompt by itself'}
}
