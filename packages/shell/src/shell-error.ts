// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.ShellError')

/** A fault of a shell or of its use. The failure of a command is no fault: see `RunOutcome`. */
export class ShellError extends Error {
  override name = 'ShellError'
  readonly [brand] = true
  readonly code:
    'not-startable' | 'start-timed-out' | 'busy' | 'closed' | 'untypable' | 'input-overflow' | 'not-permitted'

  constructor(code: ShellError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isShellError(error: unknown): error is ShellError {
  return typeof error === 'object' && error !== null && brand in error
}
