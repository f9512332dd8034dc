import type {Agent} from '../agent/agent.ts'

/** Why programs that print have to wait. */
export type PauseReason = 'not-saved' | 'not-replicated' | 'screen-behind' | 'client-behind'

/** Pauses an agent while at least one reason holds. */
export function createPauses(agent: Pick<Agent, 'pause' | 'resume'>): (reason: PauseReason, holds: boolean) => void {
  const reasons = new Set<PauseReason>()
  return (reason, holds) => {
    const before = reasons.size
    if (holds) reasons.add(reason)
    else reasons.delete(reason)
    if (before === 0 && reasons.size > 0) agent.pause()
    if (before > 0 && reasons.size === 0) agent.resume()
  }
}
