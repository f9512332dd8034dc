import type {MachineReport} from '../machine-context.ts'

/** The most sessions whose faults are kept. Further ones are not reported: a displaced one would be reported again at each sweep. */
const maxFaults = 1000

/** The sessions with which something failed that is tried again. */
export interface SessionFaults {
  add(sessionId: string, error: unknown): void
  remove(sessionId: string): void
  /** Forgets those of all other sessions. */
  keepOnly(sessionIds: ReadonlySet<string>): void
  list(): {sessionId: string; message: string}[]
}

/** Reports each fault once, until it is another one. */
export function createSessionFaults(report: (report: MachineReport) => void): SessionFaults {
  const faults = new Map<string, string>()
  return {
    add(sessionId, error) {
      const message = error instanceof Error ? error.message : String(error)
      if (faults.get(sessionId) === message) return
      if (faults.size >= maxFaults && !faults.has(sessionId)) return
      faults.set(sessionId, message)
      report({kind: 'session-failed', sessionId, error})
    },
    remove: (sessionId) => void faults.delete(sessionId),
    keepOnly(sessionIds) {
      for (const sessionId of faults.keys()) if (!sessionIds.has(sessionId)) faults.delete(sessionId)
    },
    list: () => [...faults].map(([sessionId, message]) => ({sessionId, message})),
  }
}
