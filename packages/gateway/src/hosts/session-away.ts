import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/** The machine that has a session does not answer, or the cluster that knows the machine. Nothing is wrong with the session. */
export class SessionAwayError extends RpcError {
  constructor(message: string) {
    super(errorCodes.hostUnavailable, message)
  }
}
