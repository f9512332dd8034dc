/** Why a keeper has no value to give. `cause` is the error of the last start, when there was one. */
export class KeeperError extends Error {
  override name = 'KeeperError'
  /** `start-timeout` is only seen as the `error` of a status and as a `cause`. */
  readonly code: 'gave-up' | 'closed' | 'start-timeout'

  constructor(code: KeeperError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
