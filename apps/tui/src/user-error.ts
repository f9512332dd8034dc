/** What a person is told when a command cannot do its work: one sentence, no stack. */
export class UserError extends Error {
  override name = 'UserError'
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & {exitCode?: number} = {}) {
    super(message, options)
    this.exitCode = options.exitCode ?? 1
  }
}
