import {methods, sessionIdPattern} from '@holdfast/protocol'
import {RpcError, rpcErrorCodes} from '@holdfast/rpc'

/** The session id in the params of a request. Throws an `RpcError` if there is none. */
export function sessionIdOf(method: string, params: unknown): string {
  const {session_id} = (params ?? {}) as {session_id?: unknown}
  if (typeof session_id === 'string' && sessionIdPattern.test(session_id)) return session_id
  if (session_id === undefined && !(method in methods)) {
    throw new RpcError(
      rpcErrorCodes.methodNotFound,
      `Expected a method of the gateway, got \`${method.slice(0, 100)}\``,
    )
  }
  // An object may have no text, or one that takes too many levels.
  const got =
    typeof session_id === 'object' && session_id !== null ? 'an object' : `\`${String(session_id).slice(0, 100)}\``
  throw new RpcError(
    rpcErrorCodes.invalidParams,
    `${method}: session_id: Expected a session id: 10 letters or digits, got ${got}`,
  )
}
