import {findPrograms, readEnvironment, readName, readProcesses} from '@holdfast/shell'

/** Each program in a session finds the id of the session in this variable. */
export const sessionVariable = 'HOLDFAST_SESSION'

/** A program of a session that no shell of a running host owns, so that `session.close` does not end it. */
export interface Survivor {
  pid: number
  session: string
  /** The name of the program, without its arguments. */
  program: string
}

export interface SurvivorOptions {
  /** The pids of the running hosts. */
  hosts: readonly number[]
  /** Whether a program with these variables was started from the home in question. */
  isOfHome: (environment: Readonly<Record<string, string>>) => boolean
}

/**
 * Finds the programs that outlived their shell: daemons, and programs that were running when their host was killed. Knows
 * them by a variable, so it finds none whose environment was cleared. Linux only.
 */
export function findSurvivors({hosts, isOfHome}: SurvivorOptions): Survivor[] {
  const processes = readProcesses()
  const shells = [...processes.values()].filter(({parent}) => hosts.includes(parent))
  const owned = new Set(findPrograms(processes, {roots: shells, isIndependent: () => false}).map(({pid}) => pid))
  return [...processes.keys()].flatMap((pid) => {
    if (owned.has(pid) || hosts.includes(pid)) return []
    const environment = readEnvironment(pid)
    const session = environment[sessionVariable]
    if (session === undefined || !isOfHome(environment)) return []
    return [{pid, session, program: readName(pid)}]
  })
}
