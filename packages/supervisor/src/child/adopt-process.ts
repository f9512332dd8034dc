import {type Breadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {processState, type ProcessIdentity} from '../process/process-identity.ts'
import type {StopOptions} from './child.ts'
import {tailOfFile} from './stderr-tail.ts'
import {createStopSequence, type StopSequence} from './stop-sequence.ts'
import {maskSecrets} from './mask-secrets.ts'

export interface AdoptOptions {
  /** What it is, for breadcrumbs. */
  name: string
  /** Where it writes its stderr. @default its last words are not known */
  stderrFile?: string | undefined
  /** How often to look whether it lives, ms: the system does not tell. @default 500 */
  everyMs?: number | undefined
  /** It is looked at only once this has resolved: something else tells that it may be gone, a line to it that ends. @default at once */
  lookFrom?: Promise<unknown> | undefined
  /** @default none are left */
  breadcrumbs?: Breadcrumbs | undefined
}

/** A process that was found alive, and is nobody's child here. */
export interface AdoptedProcess {
  readonly pid: number
  /** Resolves when it is gone; its code and signal are for its parent alone. Never rejects. */
  readonly gone: Promise<void>
  /** As of a child. */
  stderrTail(): string
  /** As of a child: SIGTERM to its group, then SIGKILL. Resolves when it is gone. */
  stop(reason: string, options?: Omit<StopOptions, 'graceMs'>): Promise<void>
  /** Looks at it no more; `gone` stays unresolved from then on. */
  release(): void
}

/**
 * Takes on a process that another one started, known by pid and start time: a later process of the same pid is never
 * taken for it, nor signalled. It must lead a process group of its own, as all do that `startChild` started. Watching it
 * does not keep this process alive.
 */
export function adoptProcess(identity: ProcessIdentity, options: AdoptOptions): AdoptedProcess {
  const {name, stderrFile, everyMs = 500, lookFrom, breadcrumbs = noBreadcrumbs} = options
  const {pid} = identity
  const stderr = stderrFile === undefined ? undefined : tailOfFile(stderrFile, 0)
  const gone = Promise.withResolvers<void>()
  let ladder: StopSequence | undefined
  let state: 'alive' | 'gone' | 'released' = 'alive'
  const record = (what: string, facts = {}) => breadcrumbs.record(what, {child: name, child_pid: pid, ...facts})

  function look(): void {
    if (state !== 'alive' || isAlive()) return
    state = 'gone'
    clearInterval(timer)
    record('gone', {requested: ladder !== undefined})
    ladder?.leaderEnded()
    gone.resolve()
  }

  const isAlive = () => ['alive', 'elsewhere'].includes(processState(identity))
  let timer: NodeJS.Timeout | undefined
  const watch = () => {
    if (state !== 'alive') return
    timer = setInterval(look, everyMs).unref()
    look()
  }
  record('adopt')
  if (lookFrom === undefined) watch()
  else void lookFrom.then(watch)

  return {
    pid,
    gone: gone.promise,
    stderrTail: () => maskSecrets(stderr?.text() ?? ''),
    async stop(reason, {killAfterMs = 2000} = {}) {
      if (state === 'released') throw new Error(`Expected ${name} to be still ours, but it was released`)
      // Before each signal: what was found alive may be gone by now, and its pid be another one's.
      look()
      if (state === 'alive') {
        if (!ladder) {
          record('stop', {reason})
          ladder = createStopSequence(pid, (signal) => record('signal', {signal, reason}), isAlive)
        }
        ladder.climb(0, killAfterMs)
        const soon = setInterval(look, 20)
        await gone.promise.finally(() => clearInterval(soon))
      }
      await ladder?.done
    },
    release() {
      if (state === 'alive') state = 'released'
      clearInterval(timer)
    },
  }
}
