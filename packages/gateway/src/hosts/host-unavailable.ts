import {errorCodes} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'

/** The error for a client whose request did not reach the host: an `RpcError` unchanged, any other error as `hostUnavailable`. */
export function hostUnavailable(sessionId: string, error: unknown): RpcError {
  if (isRpcError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new RpcError(errorCodes.hostUnavailable, `The host of session ${sessionId} cannot be reached: ${reason}`)
}
