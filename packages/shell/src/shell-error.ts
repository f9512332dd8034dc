/** A fault of a shell or of its use. The failure of a command is no fault: see `RunOutcome`. */
export class ShellError extends Error {
  override name = 'ShellError'
  readonly code: 'not-startable' | 'start-timed-out' | 'busy' | 'closed' | 'untypable' | 'input-overflow'

  constructor(code: ShellError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
