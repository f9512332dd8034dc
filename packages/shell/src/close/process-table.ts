import {readdirSync} from 'node:fs'

import {readProc, readStatFields} from '../process-stat.ts'

/** A running process. */
export interface Process {
  pid: number
  parent: number
  /** The session of its terminal: the pid of the process that leads it, such as a shell. Programs can leave it (setsid). */
  session: number
  /** Clock ticks since the machine started. A later process with the same pid has another one. */
  startTime: string
}

/** The running processes, by pid, without zombies; empty where there is no /proc. */
export function readProcesses(): ReadonlyMap<number, Process> {
  const processes = pids().map(readProcess)
  return new Map(processes.flatMap((process) => (process === undefined ? [] : [[process.pid, process]])))
}

/** Undefined where there is no /proc, and for a process that is gone. */
export function readProcess(pid: number): Process | undefined {
  const fields = readStatFields(pid)
  if (fields === undefined) return undefined
  const [state = '', parent, , session] = fields
  if (/[ZX]/.test(state)) return undefined
  return {pid, parent: Number(parent), session: Number(session), startTime: fields[19] ?? ''}
}

/** The name of a process's program, at most 15 bytes; empty if it is gone. */
export function readName(pid: number): string {
  return readProc(`${pid}/comm`)?.trimEnd() ?? ''
}

/** The variables with which a process was started; empty if this user may not read them. */
export function readEnvironment(pid: number): Record<string, string> {
  const variables = readProc(`${pid}/environ`)?.split('\0') ?? []
  return Object.fromEntries(
    variables.map((variable) => {
      const at = variable.indexOf('=')
      return [variable.slice(0, at), variable.slice(at + 1)]
    }),
  )
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
