/** The codes that JSON-RPC 2.0 reserves, and `requestCancelled` as the Language Server Protocol numbers it. */
export const rpcErrorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  requestCancelled: -32800,
} as const

// In the registry of symbols, so that two installed copies of this package know each other's errors.
const brand = Symbol.for('@holdfast/rpc/RpcError')

/**
 * An answer that says no: the only error that crosses the wire, the same on both sides.
 * A handler throws it to choose what its caller gets.
 */
export class RpcError extends Error {
  override name = 'RpcError'
  readonly [brand] = true
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.data = data
  }
}

/** Whether a peer answered with this error, or a handler threw it to say so. */
export function isRpcError(error: unknown): error is RpcError {
  return typeof error === 'object' && error !== null && brand in error
}
