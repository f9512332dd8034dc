import {hasBrand} from './has-brand.ts'

const brand = Symbol.for('holdfast.TransportError')

/** A message that a transport cannot send. The connection stays open. */
export class TransportError extends Error {
  override name = 'TransportError'
  readonly [brand] = true
  readonly code: 'overflow' | 'message-too-large' | 'unencodable'

  constructor(code: TransportError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isTransportError(error: unknown): error is TransportError {
  return hasBrand(error, brand)
}
