type ErrorCode =
  | 'unreachable'
  | 'full'
  | 'forbidden'
  | 'no-stream'
  | 'too-few-servers'
  | 'unreadable'
  | 'newer-format'
  | 'missing'
  | 'behind'
  | 'diverged'
  | 'fenced'
  | 'deleted'
  | 'nobody-listens'
  | 'name-taken'
  | 'closed'
  | 'failed'

// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.FleetError')

export class FleetError extends Error {
  override name = 'FleetError'
  readonly [brand] = true
  /**
   * `unreachable`: no answer in time; what was sent may be stored. `full`: the stream takes no more bytes. `forbidden`: wrong
   * credentials, or no permission. `no-stream`: somebody removed the stream. `too-few-servers`: fewer than `replicas`.
   * `unreadable`: a message that Holdfast did not write. `newer-format`: a newer version wrote it. `missing`: the stream has
   * lost events, or there is no such claim. `behind`: the log lacks events that the cluster has.
   * `diverged`: the log has other events than the cluster.
   * `fenced`: another machine has claimed the session. `deleted`: the session was deleted. `nobody-listens`: no process serves
   * the session or machine. `name-taken`: another process has the name of this machine. `closed`: closed by its user. `failed`: any
   * other fault.
   */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isFleetError(error: unknown): error is FleetError {
  return typeof error === 'object' && error !== null && brand in error
}
