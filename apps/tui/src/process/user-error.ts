/** What a person is told when a command cannot do its work: one sentence, no stack. */
export class UserError extends Error {
  override name = 'UserError'
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & {exitCode?: number} = {}) {
    super(message, options)
    this.exitCode = options.exitCode ?? 1
  }
}

/** Told apart by name: the screen, which is loaded apart, has a copy of this class. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError'
}
