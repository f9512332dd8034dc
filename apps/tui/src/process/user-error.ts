const brand = Symbol.for('holdfast.UserError')

/** What a person is told when a command cannot do its work: one sentence, no stack. */
export class UserError extends Error {
  override name = 'UserError'
  readonly [brand] = true
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & {exitCode?: number} = {}) {
    super(message, options)
    this.exitCode = options.exitCode ?? 1
  }
}

/** Told apart by a brand: the screen, which is loaded apart, has a copy of this class. */
export function isUserError(error: unknown): error is UserError {
  return typeof error === 'object' && error !== null && brand in error
}
