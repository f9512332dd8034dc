import {exitStatuses, type FailureCode} from './failure-codes.ts'

const brand = Symbol.for('holdfast.UserError')

/** An error that is shown to the user as one sentence, without a stack. */
export class UserError extends Error {
  override name = 'UserError'
  readonly [brand] = true
  /** @default failed */
  readonly code: FailureCode
  /** @default that of the code */
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & {code?: FailureCode; exitCode?: number} = {}) {
    super(message, options)
    this.code = options.code ?? 'failed'
    this.exitCode = options.exitCode ?? exitStatuses[this.code]
  }
}

/** Checks the brand, as every error class of Holdfast does. */
export function isUserError(error: unknown): error is UserError {
  return typeof error === 'object' && error !== null && brand in error
}
