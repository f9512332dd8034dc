import {errorCodes} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'

/** What to tell a client whose request failed on the way to the host: what the host answered, else `hostUnavailable`. */
export function hostUnavailable(sessionId: string, error: unknown): RpcError {
  if (isRpcError(error)) return error
  const why = error instanceof Error ? error.message : String(error)
  return new RpcError(errorCodes.hostUnavailable, `The host of session ${sessionId} cannot be reached: ${why}`)
}
