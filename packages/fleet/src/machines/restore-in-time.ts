import type {Claim} from '../claim/plan-claim.ts'
import {FleetError} from '../fleet-error.ts'
import {restoreLog} from '../read/restore-log.ts'
import type {MachineContext} from './machine-context.ts'

/** Like `restoreLog`, but ends with `unreachable` where that takes so long that the next session should get its turn. Call it again then. */
export async function restoreInTime(
  {fleet, restoreMs, signal}: MachineContext,
  claim: Claim,
  file: string,
): Promise<void> {
  const late = AbortSignal.timeout(restoreMs)
  try {
    await restoreLog(fleet, claim, {file, signal: AbortSignal.any([signal, late])})
  } catch (error) {
    if (!late.aborted) throw error
    const message = `The cluster did not send the whole log of session ${claim.sessionId} within ${restoreMs / 1000} s: the rest is read later`
    throw new FleetError('unreachable', message, {cause: error})
  }
}
