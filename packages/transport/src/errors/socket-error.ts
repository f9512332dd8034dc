const brand = Symbol.for('holdfast.SocketError')

/** A Unix socket or a WebSocket could not be opened. `cause` is the system error, if there was one. */
export class SocketError extends Error {
  override name = 'SocketError'
  // A symbol from the registry, so that two installed copies of this package recognize each other's errors.
  readonly [brand] = true
  /**
   * `path-too-long`: the path does not fit into a socket address. `nobody-listens`: no server, or a file that a killed
   * server left. `in-use`: the path or the port is taken. `refused`: the server wants another token or origin (401, 403).
   * `token-needed`, `tls-needed`: beyond loopback, a server needs them. `timeout`: no answer in time.
   * `failed`: see `cause`.
   */
  readonly code:
    'path-too-long' | 'nobody-listens' | 'in-use' | 'refused' | 'token-needed' | 'tls-needed' | 'timeout' | 'failed'

  constructor(code: SocketError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isSocketError(error: unknown): error is SocketError {
  return typeof error === 'object' && error !== null && brand in error
}
