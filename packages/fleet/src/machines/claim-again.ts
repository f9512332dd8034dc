import {claimSession} from '../claim/claim-session.ts'
import type {ClaimResult} from '../claim/plan-claim.ts'
import type {HeldSession} from './choose-machine.ts'
import type {MachineContext} from './machine-context.ts'

/**
 * Claims a session that this machine holds. If an earlier attempt of this process failed after its claim, that claim is used again, because
 * the cluster keeps every claim until the session is deleted. Throws a `FleetError`.
 */
export async function claimAgain(
  {fleet, me, instance}: MachineContext,
  {sessionId, epoch, needs}: HeldSession,
): Promise<ClaimResult> {
  const claimAfter = (replaces: number) => claimSession(fleet, sessionId, {machine: me, instance, replaces, needs})
  const again = await claimAfter(epoch - 1)
  return again.kind === 'won' ? again : await claimAfter(epoch)
}
