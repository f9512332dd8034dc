/** An error that is shown to the user as one sentence, without a stack. */
export class UserError extends Error {
  override name = 'UserError'
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & {exitCode?: number} = {}) {
    super(message, options)
    this.exitCode = options.exitCode ?? 1
  }
}
