import {readFileSync, readlinkSync} from 'node:fs'

/** What `/proc/PID/stat` says about a shell. */
export interface ProcessStat {
  pid: number
  group: number
  /** The process group in the foreground of the terminal. */
  foregroundGroup: number
  isSleeping: boolean
  isZombie: boolean
  /** When the process was forked, in clock ticks since boot. */
  startTicks: number
  /** CPU time so far, in clock ticks. */
  ticks: number
  /** Identifies the running program: differs after each `exec`, even of the same file. */
  image: string
}

/** Undefined where there is no /proc, and for a process that is gone. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  const fields = readStatFields(pid)
  if (fields === undefined) return undefined
  const number = (index: number) => Number(fields[index])
  return {
    pid,
    group: number(2),
    foregroundGroup: number(5),
    isSleeping: fields[0] === 'S',
    isZombie: fields[0] === 'Z',
    startTicks: number(19),
    ticks: number(11) + number(12),
    // The addresses of code and stack are random at each start of a program.
    image: `${fields[23]} ${fields[25]}`,
  }
}

/** The fields after the program's name: state, parent, group, session, terminal … Undefined as for `readProcessStat`. */
export function readStatFields(pid: number): string[] | undefined {
  const stat = readProc(`${pid}/stat`)
  // The name, in parentheses, may contain anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** The text of a file in /proc; undefined where there is none, or this user may not read it. */
export function readProc(file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

/** The target of a link in /proc; undefined as for `readProc`. */
export function readProcLink(file: string): string | undefined {
  try {
    return readlinkSync(`/proc/${file}`)
  } catch {
    return undefined
  }
}

/** Whether the shell itself is in the foreground of its terminal. False where that is unknown. */
export function isForeground(stat: ProcessStat | undefined): boolean {
  return stat !== undefined && stat.group === stat.foregroundGroup
}

/** Whether the shell itself is in the foreground, and does no work. */
export function isWaiting(stat: ProcessStat | undefined): stat is ProcessStat {
  return stat !== undefined && stat.isSleeping && isForeground(stat)
}
