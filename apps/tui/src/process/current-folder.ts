import {UserError} from './user-error.ts'

/** The working directory; throws a `UserError` if it was removed. */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new UserError('the current folder was removed: change to another one', {cause: error})
  }
}
