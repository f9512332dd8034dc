import {readdirSync, readFileSync} from 'node:fs'

/** Each process that an agent starts finds the mark of its conversation in this variable. */
export const MARK_VARIABLE = 'HOLDFAST_ACP'

/** A process that outlived its agent. */
export interface Survivor {
  pid: number
  /** The name of the program, at most 15 bytes. */
  program: string
  /** Clock ticks from the start of the machine to that of the process: a later process with the same pid has another one. */
  startTime: string
  /** Its process group. */
  group: number
}

/**
 * Finds the processes with the mark in their environment, but for those in the group of the agent, which is ended with it.
 * Linux only: none elsewhere.
 */
export function findSurvivors(mark: string, agentPid?: number): Survivor[] {
  return pids().flatMap((pid) => {
    const variables = readProc(`${pid}/environ`)?.split('\0') ?? []
    if (!variables.includes(`${MARK_VARIABLE}=${mark}`)) return []
    const survivor = readSurvivor(pid)
    return survivor && survivor.group !== agentPid ? [survivor] : []
  })
}

/** Kills survivors that are still the same processes. */
export function endSurvivors(survivors: readonly Survivor[]): void {
  for (const survivor of survivors) {
    if (readSurvivor(survivor.pid)?.startTime === survivor.startTime) signal(survivor.pid)
  }
}

/** Kills what is left of the group of a process that has just exited. */
export function endGroup(leader: number): void {
  // While any process of the group is left, the system gives the leader's pid to no other process.
  signal(-leader)
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

function readSurvivor(pid: number): Survivor | undefined {
  const stat = readProc(`${pid}/stat`)
  if (stat === undefined) return undefined
  // The name stands in parentheses, and may contain some.
  const end = stat.lastIndexOf(')')
  const fields = stat.slice(end + 2).split(' ')
  if (/[ZX]/.test(fields[0] ?? '')) return undefined
  return {pid, program: stat.slice(stat.indexOf('(') + 1, end), startTime: fields[19] ?? '', group: Number(fields[2])}
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Undefined for a process that is gone, or that this user may not look at. */
function readProc(file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
