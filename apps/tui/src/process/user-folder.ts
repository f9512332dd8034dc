import {homedir, userInfo} from 'node:os'
import {isAbsolute} from 'node:path'

import {UserError} from './user-error.ts'

/** `$HOME`; where that is empty or relative, the folder of this user in the system's database. Throws a `UserError` if there is none. */
export function userFolder(): string {
  try {
    const folder = homedir()
    return isAbsolute(folder) ? folder : userInfo().homedir
  } catch (error) {
    throw new UserError('this user has no home folder: set HOME to one', {cause: error})
  }
}
