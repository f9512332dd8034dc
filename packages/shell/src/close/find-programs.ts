import type {Process} from './process-table.ts'

export interface SearchOptions {
  /** The processes from which the search starts. */
  roots: readonly Process[]
  /** A process that belongs to nobody's shell, although it was started in one. */
  isIndependent: (process: Process) => boolean
}

/**
 * The processes that belong to the roots: those of the same terminal session, and all descendants, also in sessions of their
 * own. A daemon is none of them: it has left the session, and its parent has exited. Pure.
 */
export function findPrograms(
  processes: ReadonlyMap<number, Process>,
  {roots, isIndependent}: SearchOptions,
): readonly Process[] {
  const found = new Map(roots.map((root) => [root.pid, root]))
  const sessions = new Set(roots.map(({session}) => session))
  const left = new Set([...processes.values()].filter(({pid}) => !found.has(pid)))
  for (let isComplete = false; !isComplete;) {
    isComplete = true
    for (const process of left) {
      const {pid, parent, session} = process
      if (!sessions.has(session) && !found.has(parent)) continue
      left.delete(process)
      if (isIndependent(process)) continue
      found.set(pid, process)
      sessions.add(session)
      isComplete = false
    }
  }
  return [...found.values()]
}
