import {hasBrand} from './has-brand.ts'

/** The error codes that JSON-RPC 2.0 reserves, `requestCancelled` from the Language Server Protocol, and `busy`. */
export const rpcErrorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Too many requests run: wait for the answer to one of them. */
  busy: -32000,
  requestCancelled: -32800,
} as const

const brand = Symbol.for('holdfast.RpcError')

/** An error response. It is the only error that crosses the wire: a handler throws it, and `request` rejects with it. */
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

export function isRpcError(error: unknown): error is RpcError {
  return hasBrand(error, brand)
}
