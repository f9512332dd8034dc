import type {ProcessStat} from '../process-stat.ts'
import {ShellError} from '../shell-error.ts'

/** See `Shell.signal`. `stat`: of the shell. */
export function signalForeground(stat: ProcessStat | undefined, name: NodeJS.Signals): boolean {
  if (stat === undefined) return false
  try {
    return process.kill(-stat.foregroundGroup, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw new ShellError('not-permitted', 'the program belongs to another user, who may signal it', {cause: error})
  }
}
