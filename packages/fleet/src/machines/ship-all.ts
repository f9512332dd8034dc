import {openSqliteLog} from '@holdfast/event-log'

import type {Claim} from '../claim/plan-claim.ts'
import {startShipper} from '../ship/start-shipper.ts'
import type {MachineContext} from './machine-context.ts'

/** How long to wait for the cluster, ms. */
const shipWithinMs = 10_000

/** Sends what the cluster lacks of a log that no host has open. Throws a `FleetError`, or the errors of the log. */
export async function shipAll({fleet, signal}: MachineContext, claim: Claim, file: string): Promise<void> {
  const log = openSqliteLog({file, sessionId: claim.sessionId, readOnly: true})
  try {
    const shipper = startShipper(fleet, claim, log)
    const waited = AbortSignal.any([signal, AbortSignal.timeout(shipWithinMs)])
    const stop = () => void shipper.close()
    waited.addEventListener('abort', stop)
    try {
      await shipper.replicated(log.latestSeq)
    } finally {
      waited.removeEventListener('abort', stop)
      await shipper.close()
    }
  } finally {
    log.close()
  }
}
