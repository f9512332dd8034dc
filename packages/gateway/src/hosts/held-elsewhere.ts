import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/** A host ended at once, because another machine of the fleet holds its session. */
export class HeldElsewhereError extends RpcError {
  constructor(sessionId: string) {
    super(errorCodes.hostUnavailable, `Another machine of the fleet holds session ${sessionId}: use \`--fleet\``)
  }
}
