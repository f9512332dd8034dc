/** A fault of a transport that is not the death of its peer. */
export class TransportError extends Error {
  override name = 'TransportError'
  readonly code: 'overflow' | 'message-too-large' | 'unencodable'

  constructor(code: TransportError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
