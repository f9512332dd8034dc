import {findPrograms} from './find-programs.ts'
import {readEnvironment, readProcess, readProcesses, type Process} from './process-table.ts'

/** The programs that belong to a shell: see `findPrograms`. */
export interface ShellPrograms {
  /** The shell has exited a moment ago: finds those that are left of it. */
  noteExit(): void
  /** The pids of the running ones, with the shell itself; where there is no /proc, only that. */
  find(): readonly number[]
}

/** `shell`: the pid of a shell that leads the session of its terminal. */
export function createShellPrograms(shell: number): ShellPrograms {
  let hasExited = false
  // Between fork and setsid, the shell is in the session of this process: all of that session would be taken for its programs.
  const asLeader = (process: Process) => (process.pid === shell ? {...process, session: shell} : process)
  const leader = readProcess(shell)
  /**
   * Those that the last look found. As long as one of them runs, the system gives the number of its session, and so the pid
   * of the shell, to no other process.
   */
  let known: readonly Process[] = leader === undefined ? [] : [leader]

  const look = (roots: (processes: ReadonlyMap<number, Process>) => readonly Process[]) => {
    const processes = readProcesses()
    known = findPrograms(processes, {roots: roots(processes).map(asLeader), isIndependent})
  }

  return {
    noteExit() {
      hasExited = true
      look((processes) => [...stillRunning(known, processes), ...inSession(shell, processes)])
    },
    find() {
      // Without /proc, or with a shell that exited before it was looked at, which `noteExit` is about to tell.
      if (leader === undefined && !hasExited) return [shell]
      look((processes) => stillRunning(known, processes))
      return known.map(({pid}) => pid)
    },
  }
}

function stillRunning(known: readonly Process[], processes: ReadonlyMap<number, Process>): Process[] {
  return known.flatMap(({pid, startTime}) => {
    const now = processes.get(pid)
    return now?.startTime === startTime ? [now] : []
  })
}

function inSession(session: number, processes: ReadonlyMap<number, Process>): Process[] {
  return [...processes.values()].filter((process) => process.session === session)
}

/** Hosts of Holdfast outlive the shell in which they were started; gateways end with their client. */
function isIndependent({pid, session}: Process): boolean {
  return pid === session && 'HOLDFAST_INSTANCE' in readEnvironment(pid)
}
