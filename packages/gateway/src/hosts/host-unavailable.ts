import {isEventLogError} from '@holdfast/event-log'
import {errorCodes} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'

/**
 * The error for a client whose request did not reach the host: an `RpcError` and the fault of a log unchanged, any other error as
 * `hostUnavailable`.
 */
export function hostUnavailable(sessionId: string, error: unknown): RpcError {
  if (isRpcError(error)) return error
  if (isEventLogError(error)) return new RpcError(error.wireCode, error.message)
  const reason = error instanceof Error ? error.message : String(error)
  return new RpcError(errorCodes.hostUnavailable, `The host of session ${sessionId} cannot be reached: ${reason}`)
}
