// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.RecoveryError')

/** A supervisor has no instance. `cause` is the error of the last start, if there was one. */
export class RecoveryError extends Error {
  override name = 'RecoveryError'
  readonly [brand] = true
  /** `start-timeout` only occurs as the `error` of a status and as a `cause`. */
  readonly code: 'gave-up' | 'closed' | 'start-timeout'

  constructor(code: RecoveryError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isRecoveryError(error: unknown): error is RecoveryError {
  return typeof error === 'object' && error !== null && brand in error
}
