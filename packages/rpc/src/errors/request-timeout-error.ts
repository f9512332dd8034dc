/** No answer came in time. The peer was told to cancel; whether it did the work is not known. */
export class RequestTimeoutError extends Error {
  override name = 'RequestTimeoutError'
  readonly code = 'timeout'
  readonly method: string
  readonly timeoutMs: number

  constructor(method: string, timeoutMs: number, options?: ErrorOptions) {
    super(`Expected an answer to \`${method}\` within ${timeoutMs} ms, got none`, options)
    this.method = method
    this.timeoutMs = timeoutMs
  }
}
