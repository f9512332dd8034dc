import {statSync} from 'node:fs'

import {ShellError} from '../shell-error.ts'

/** Throws `not-startable` if there is no such folder. `what` is to be started in it. */
export function requireFolder(cwd: string, what: string): void {
  if (statSync(cwd, {throwIfNoEntry: false})?.isDirectory() === true) return
  throw new ShellError('not-startable', `cannot start ${what} in \`${cwd}\`: no such folder`)
}
