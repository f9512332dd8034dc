/** A Unix socket or a WebSocket that could not be opened. `cause` is the error of the system, if there was one. */
export class SocketError extends Error {
  override name = 'SocketError'
  /**
   * `nobody-listens`: nobody is there (a file may be, that a dead process left). `in-use`: the path or the port is taken.
   * `refused`: the server does not want us (401, 403). `token-needed`: beyond loopback, nobody listens without a token.
   * `failed`: see `cause`.
   */
  readonly code: 'path-too-long' | 'nobody-listens' | 'in-use' | 'refused' | 'token-needed' | 'timeout' | 'failed'

  constructor(code: SocketError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
