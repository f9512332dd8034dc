export interface ShellErrorOptions extends ErrorOptions {
  output?: string
}

/** A fault of a shell or of its use. The failure of a command is no fault: see `RunOutcome`. */
export class ShellError extends Error {
  override name = 'ShellError'
  readonly code: 'not-startable' | 'start-timed-out' | 'busy' | 'closed' | 'untypable' | 'input-overflow'
  /** The last 4096 bytes printed by a shell that did not start; else empty. */
  readonly output: string

  constructor(code: ShellError['code'], message: string, options: ShellErrorOptions = {}) {
    const {output = '', ...rest} = options
    super(message, rest)
    this.code = code
    this.output = output
  }
}
