/** Why a supervisor has no value to give. `cause` is the error of the last start, when there was one. */
export class RecoveryError extends Error {
  override name = 'RecoveryError'
  /** `start-timeout` is only seen as the `error` of a status and as a `cause`. */
  readonly code: 'gave-up' | 'closed' | 'start-timeout'

  constructor(code: RecoveryError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
