import type {ProcessStat} from '../process-stat.ts'
import {ShellError} from '../shell-error.ts'

/**
 * Signals the process group in the foreground of a terminal. `stat`: of its shell, or of its program. Returns false if the group is gone.
 * Throws `not-permitted` if it belongs to another user.
 */
export function signalForeground(stat: ProcessStat | undefined, name: NodeJS.Signals): boolean {
  // A program that has ended, but was not collected yet, has the group -1, whose negative is process 1.
  if (stat === undefined || stat.foregroundGroup <= 1) return false
  try {
    return process.kill(-stat.foregroundGroup, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw new ShellError(
      'not-permitted',
      'the program belongs to another user: only that user and root may signal it',
      {cause: error},
    )
  }
}
