import type {ChildExit} from './child.ts'

// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.StartError')

/** A child did not become ready. */
export class StartError extends Error {
  override name = 'StartError'
  readonly [brand] = true
  /** `start-timeout`: it was not ready in time, and was ended. `exited`: it exited before. `not-startable`: it never ran. */
  readonly code: 'start-timeout' | 'exited' | 'not-startable'
  readonly exit: ChildExit

  constructor(code: StartError['code'], message: string, exit: ChildExit) {
    super(message, exit.error ? {cause: exit.error} : {})
    this.code = code
    this.exit = exit
  }
}

export function isStartError(error: unknown): error is StartError {
  return typeof error === 'object' && error !== null && brand in error
}
