import {membersBelow} from '../group-members.ts'
import {isForeground, readProc, readProcessStat, type ProcessStat} from '../process-stat.ts'

/** The group in the foreground of a shell's terminal. */
export interface Foreground {
  readonly group: number
  readonly isShell: boolean
  /**
   * Its living processes, without copies of the shell: a shell starts a program in a copy of itself, which takes a SIGINT as the
   * shell would, and has forgotten it when it becomes the program.
   */
  readonly programs: readonly Program[]
}

export interface Program {
  readonly pid: number
  /** When its process was forked, in clock ticks since boot. */
  readonly startTicks: number
}

/** Tells the processes that existed at a moment from those that were forked later. */
export interface Moment {
  /**
   * The process id that was given last. Ids are given in ascending order. Start times alone do not tell: what the shell runs on SIGINT
   * (a trap) starts within the same tick of 10 ms.
   */
  readonly lastPid: number
  /** In clock ticks since boot. After the highest id, small ones are given again: to processes with a later start time. */
  readonly ticks: number
}

/** The foreground right before a Ctrl-C. */
export interface Press {
  readonly foreground: Foreground
  /** Undefined where the system does not show it. */
  readonly moment: Moment | undefined
}

/** The image of a process that just becomes another program, or ends. */
const NO_CODE = '0 '
/** Linux shows all times in these, whatever its own clock. */
const TICKS_PER_SECOND = 100

/** Undefined where that is unknown. `stat`: of the shell, or, without `hasShell`, of the one program that the terminal was opened for. */
export function readForeground(stat: ProcessStat | undefined, hasShell: boolean): Foreground | undefined {
  if (stat === undefined) return undefined
  const group = stat.foregroundGroup
  const isShell = hasShell && isForeground(stat)
  const isProgram = ({pid, image, isZombie}: ProcessStat) =>
    !image.startsWith(NO_CODE) && (image !== stat.image || pid === stat.pid) && !isZombie
  const members = isShell ? [] : membersBelow(stat.pid, group).map(readProcessStat)
  return {group, isShell, programs: members.filter((member) => member !== undefined).filter(isProgram)}
}

/** Undefined where the system does not show it. */
export function readMoment(): Moment | undefined {
  const lastPid = Number(readProc('loadavg')?.trim().split(' ').at(-1))
  const ticks = Math.round(Number(readProc('uptime')?.split(' ')[0]) * TICKS_PER_SECOND)
  return Number.isNaN(lastPid + ticks) ? undefined : {lastPid, ticks}
}

/**
 * What became of a Ctrl-C, by the foreground right before it and now.
 *
 * - `unknown`: no program was in the foreground, nor is one now: the shell, or a copy of it, may be about to start one.
 * - `missed`: no program was in the foreground, but the process of one that is there now existed: the shell was starting it.
 * - `received`: by a program, whatever it did then, or by the shell. What they start after that, as a trap does, is left alone: it
 *   may be what the user wants to be done at a Ctrl-C.
 */
export function judgeInterrupt({foreground, moment}: Press, now: Foreground): 'unknown' | 'missed' | 'received' {
  if (moment === undefined || foreground.programs.length > 0) return 'received'
  if (now.programs.length === 0) return 'unknown'
  const existed = ({pid, startTicks}: Program) => pid <= moment.lastPid && startTicks <= moment.ticks
  return now.programs.some(existed) ? 'missed' : 'received'
}
