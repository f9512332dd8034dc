import {hasBrand} from './has-brand.ts'

const brand = Symbol.for('holdfast.RequestTimeoutError')

/** The peer did not answer in time. It was sent a cancellation, but may have done the work. */
export class RequestTimeoutError extends Error {
  override name = 'RequestTimeoutError'
  readonly [brand] = true
  readonly code = 'timeout'
  readonly method: string
  readonly timeoutMs: number

  constructor(method: string, timeoutMs: number, options?: ErrorOptions) {
    super(`No answer to \`${method}\` within ${timeoutMs} ms: the peer may or may not have done it`, options)
    this.method = method
    this.timeoutMs = timeoutMs
  }
}

export function isRequestTimeout(error: unknown): error is RequestTimeoutError {
  return hasBrand(error, brand)
}
