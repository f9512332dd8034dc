import {readFileSync, readlinkSync} from 'node:fs'

import {isWaiting, readProcessStat} from '../process-stat.ts'
import {hookedNameOf} from './find-shell.ts'

/** A shell by which a start file has replaced the one that was started, as `exec fish` does. */
export interface Replacement {
  path: string
  /** The environment that the start file has exported to it. */
  env: Record<string, string>
}

/**
 * The shell that this process has become: one that has hooks, is of another kind than `path`, and waits at its terminal.
 * Undefined where there is no /proc.
 */
export function findReplacement(pid: number, path: string): Replacement | undefined {
  try {
    const program = readlinkSync(`/proc/${pid}/exe`)
    const name = hookedNameOf(program)
    if (name === undefined || name === hookedNameOf(path) || readFields(pid, 'cmdline').includes('-c')) return undefined
    if (!isWaiting(readProcessStat(pid))) return undefined
    return {path: program, env: Object.fromEntries(readFields(pid, 'environ').map(toEntry))}
  } catch {
    return undefined
  }
}

function readFields(pid: number, file: 'cmdline' | 'environ'): string[] {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1)
}

function toEntry(variable: string): [name: string, value: string] {
  const at = variable.indexOf('=')
  return [variable.slice(0, at), variable.slice(at + 1)]
}
