// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.AcpError')

export type AcpErrorCode =
  /** The agent speaks another version of the protocol. */
  | 'wrong-version'
  /** Log in with one of the agent's `authMethods`. */
  | 'auth-required'
  /** The agent did not bring the session back. Its id is kept. */
  | 'not-restored'
  /** The agent has no such method or capability. */
  | 'unsupported'
  /** A prompt is being answered. */
  | 'busy'
  /** The prompt contains a file that cannot be read. */
  | 'unreadable'

export class AcpError extends Error {
  override name = 'AcpError'
  readonly [brand] = true
  readonly code: AcpErrorCode

  constructor(code: AcpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isAcpError(error: unknown): error is AcpError {
  return typeof error === 'object' && error !== null && brand in error
}
