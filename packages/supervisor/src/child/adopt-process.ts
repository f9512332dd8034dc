import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {processState, type ProcessIdentity} from '../process/process-identity.ts'
import {graces} from '../shutdown/graces.ts'
import type {StopOptions} from './child.ts'
import {tailOfFile} from './stderr-tail.ts'
import {createStopSequence, type StopSequence} from './stop-sequence.ts'
import {withResolvers} from './with-resolvers.ts'

export interface AdoptOptions {
  /** The role of the process, for breadcrumbs and errors. */
  name: string
  /** The file that its stderr is written to. @default none: `stderrTail` is empty */
  stderrFile?: string | undefined
  /** How often to check whether it runs, ms. @default 500 */
  everyMs?: number | undefined
  /** Checking begins when this resolves, such as when a connection to the process closes. @default at once */
  checkFrom?: Promise<unknown> | undefined
  /** @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
}

/** A process that is not a child of this one. */
export interface AdoptedProcess {
  readonly pid: number
  /** Resolves when it is gone; only its parent learns exit code and signal. Never rejects. */
  readonly gone: Promise<void>
  stderrTail(): string
  /** As for a child: SIGTERM to its process group, then SIGKILL. Resolves when it is gone. Rejects after `release`. */
  stop(reason: string, options?: Omit<StopOptions, 'graceMs'>): Promise<void>
  /** Stops checking; from then on `gone` stays pending. */
  release(): void
}

/**
 * Watches a process that another one started, identified by pid and start time: a later process with the same pid is
 * neither mistaken for it nor signalled. It must lead a process group of its own, as every process that `startChild`
 * started does. Watching does not keep this process alive.
 */
export function adoptProcess(identity: ProcessIdentity, options: AdoptOptions): AdoptedProcess {
  const {name, stderrFile, everyMs = 500, checkFrom, breadcrumbs = noBreadcrumbs} = options
  const {pid} = identity
  const stderr = stderrFile === undefined ? undefined : tailOfFile(stderrFile, 0)
  const gone = withResolvers<void>()
  let stopping: StopSequence | undefined
  let state: 'alive' | 'gone' | 'released' = 'alive'
  let timer: NodeJS.Timeout | undefined
  const record = (event: string, facts = {}) => breadcrumbs.record(event, {child: name, child_pid: pid, ...facts})
  const isAlive = () => ['alive', 'elsewhere'].includes(processState(identity))

  function check(): void {
    if (state !== 'alive' || isAlive()) return
    state = 'gone'
    clearInterval(timer)
    record('gone', {requested: stopping !== undefined})
    stopping?.leaderExited()
    gone.resolve()
  }

  function watch(): void {
    if (state !== 'alive') return
    timer = setInterval(check, everyMs).unref()
    check()
  }

  record('adopt')
  if (checkFrom === undefined) watch()
  else void checkFrom.then(watch)

  return {
    pid,
    gone: gone.promise,
    stderrTail: () => stderr?.text() ?? '',
    async stop(reason, {killAfterMs = graces.child.killAfterMs} = {}) {
      if (state === 'released') throw new Error(`Cannot stop ${name}: it was released`)
      // It may be gone by now, and its pid may belong to another process.
      check()
      if (state === 'alive') {
        if (!stopping) {
          record('stop', {reason})
          stopping = createStopSequence(pid, (signal) => record('signal', {signal, reason}), isAlive)
        }
        stopping.setDeadlines(0, killAfterMs)
        const soon = setInterval(check, 20)
        await gone.promise.finally(() => clearInterval(soon))
      }
      await stopping?.done
    },
    release() {
      if (state === 'alive') state = 'released'
      clearInterval(timer)
    },
  }
}
