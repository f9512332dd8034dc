import {readFileSync} from 'node:fs'

/** Whether the process's own group has its terminal. False where there is no /proc, and of a process that is gone. */
export function isInForeground(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands before, in parentheses, and may hold anything.
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return group === foregroundGroup
  } catch {
    return false
  }
}
