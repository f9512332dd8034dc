import {isFleetError} from '@holdfast/fleet'
import {errorCodes} from '@holdfast/protocol'

import type {ReplicationProblem} from './replication.ts'

/** Why the cluster does not have the last events, for clients. */
export function toProblem(error: Error): ReplicationProblem {
  const code = isFleetError(error) && error.code === 'full' ? errorCodes.storageFull : errorCodes.storageFailed
  return {
    code,
    message: `The cluster of the fleet does not have the last events yet; the host keeps trying: ${error.message}`,
  }
}

/** Why something is not possible without the cluster. */
export function needsCluster(why: string, error: Error | undefined): string {
  return `The cluster of the fleet is needed ${why}: ${error?.message ?? 'it does not answer'}`
}
