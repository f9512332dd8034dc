import {readFileSync, readlinkSync} from 'node:fs'

import {hookedNameOf} from './find-shell.ts'
import {isForeground, readProcessFacts} from './process-facts.ts'

/** A shell that a start file has put in the place of its own, as `exec fish` does. */
export interface Successor {
  path: string
  /** What the start file has exported to it. */
  env: Record<string, string>
}

/**
 * The shell that this process has become, if it is one that can be hooked, is another than `path`, and waits at its
 * terminal. Undefined where there is no /proc.
 */
export function findSuccessor(pid: number, path: string): Successor | undefined {
  try {
    const program = readlinkSync(`/proc/${pid}/exe`)
    const name = hookedNameOf(program)
    if (name === undefined || name === hookedNameOf(path) || readFields(pid, 'cmdline').includes('-c')) return undefined
    const facts = readProcessFacts(pid)
    if (!isForeground(facts) || !facts?.isSleeping) return undefined
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
