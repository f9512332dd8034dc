import {childrenOf} from '../group-members.ts'

/**
 * Notices that a job has ended, for a shell that says so only with its next prompt. Costs nothing while no job exists. Finds nothing
 * where there is no /proc.
 */
export interface JobEndWatch {
  /** A command has ended: what runs below the shell now are its jobs. */
  begin(): void
  /** A command begins, or the shell has ended. */
  end(): void
}

const LOOK_MS = 1000

export function createJobEndWatch(shell: number, onEnded: () => void): JobEndWatch {
  let jobs: readonly number[] = []
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const children = childrenOf(shell) ?? []
    // Jobs that began later do not count: a prompt that starts a job each time would be redrawn for ever.
    const left = jobs.filter((job) => children.includes(job))
    const hasEnded = left.length < jobs.length
    jobs = left
    watch()
    if (hasEnded) onEnded()
  }

  function watch(): void {
    clearTimeout(timer)
    if (jobs.length > 0) timer = setTimeout(look, LOOK_MS)
  }

  return {
    begin() {
      jobs = childrenOf(shell) ?? []
      watch()
    },
    end: () => clearTimeout(timer),
  }
}
