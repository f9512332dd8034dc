const brand = Symbol.for('holdfast.UserError')

/** An error that is shown to the user as one sentence, without a stack. */
export class UserError extends Error {
  override name = 'UserError'
  readonly [brand] = true
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & {exitCode?: number} = {}) {
    super(message, options)
    this.exitCode = options.exitCode ?? 1
  }
}

/** Checks the brand, as every error class of Holdfast does. */
export function isUserError(error: unknown): error is UserError {
  return typeof error === 'object' && error !== null && brand in error
}
