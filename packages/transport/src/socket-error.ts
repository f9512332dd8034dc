/** A Unix socket that could not be opened. `cause` is the error of the system, if there was one. */
export class SocketError extends Error {
  override name = 'SocketError'
  /** `nobody-listens`: no file, or a file that a dead process left. `in-use`: the path is taken. `failed`: see `cause`. */
  readonly code: 'path-too-long' | 'nobody-listens' | 'in-use' | 'timeout' | 'failed'

  constructor(code: SocketError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
