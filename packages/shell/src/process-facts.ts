import {readFileSync} from 'node:fs'

/** What the system says about a shell, at one moment. */
export interface ProcessFacts {
  group: number
  /** The group that has the terminal. */
  foregroundGroup: number
  isSleeping: boolean
  /** Time on a processor so far, in clock ticks. */
  ticks: number
  /** Which program it runs: another one after each `exec`, also of the same file. */
  image: string
}

/** Undefined where there is no /proc, and of a process that is gone. */
export function readProcessFacts(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands before, in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [group, foregroundGroup, user, system] = [2, 5, 11, 12].map((index) => Number(fields[index]))
    // Where its stack and its code begin is drawn by lot at each start of a program.
    const image = `${fields[23]} ${fields[25]}`
    return {
      group: group!,
      foregroundGroup: foregroundGroup!,
      isSleeping: fields[0] === 'S',
      ticks: user! + system!,
      image,
    }
  } catch {
    return undefined
  }
}

/** Whether no program has the terminal but the shell itself. False where that is not known. */
export function isForeground(facts: ProcessFacts | undefined): boolean {
  return facts !== undefined && facts.group === facts.foregroundGroup
}
