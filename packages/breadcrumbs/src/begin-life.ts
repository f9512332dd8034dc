import {errorMonitor} from 'node:events'

import type {Fact} from './breadcrumb.ts'
import type {Breadcrumbs} from './breadcrumbs.ts'
import {markRunning, takeDeadMarks} from './running-marks.ts'

export interface LifeOptions {
  breadcrumbs: Breadcrumbs
  /** Where the running marks of all processes of this log are. Made when it is missing. */
  marks: string
  /** As the log has it. */
  who: string
  session?: string | undefined
  generation?: number | undefined
  /** What to tell about the start, such as the version. */
  facts?: Readonly<Record<string, Fact | undefined>>
  /** Says nothing of a start and of an end in order: for commands that come by the thousand. @default false */
  isQuiet?: boolean
  /** The time, in epoch ms. @default Date.now */
  now?: () => number
}

export interface RecordedProcess {
  /** Takes the running mark away now: for an end that told why, and of which Node tells no `exit`, such as by a signal. */
  unmark(): void
}

/**
 * Begins the record of this process's life: tells of those that could not write their own end (`end-inferred`), leaves a
 * running mark for this one, and tells its start and, when it exits, its end and exit code (`start`, `end`). An error that
 * nobody catches is told (`uncaught`), and is treated as ever. A process that is killed, or has no memory left, leaves its
 * mark to the next that begins. Best effort: it does not throw. Call it once in a process.
 */
export function beginLife(options: LifeOptions): RecordedProcess {
  const {breadcrumbs, marks, who, session, generation, facts, isQuiet = false, now = Date.now} = options
  for (const {mark, isReboot} of attempt(() => takeDeadMarks(marks, now())) ?? []) {
    breadcrumbs.with(sessionOf(mark)).record('end-inferred', {
      child: mark.who,
      child_pid: mark.process.pid,
      child_gen: mark.generation,
      started: new Date(mark.at).toISOString(),
      reboot: isReboot,
    })
  }
  if (!isQuiet) breadcrumbs.record('start', {ppid: process.ppid, ...facts})
  const mark = {who, ...sessionOf({session}), ...(generation !== undefined && {generation}), at: now()}
  const removeMark = attempt(() => markRunning(marks, mark))
  const unmark = () => attempt(() => removeMark?.())

  process.on('uncaughtExceptionMonitor', (error, origin) => {
    breadcrumbs.record('uncaught', {origin, ...errorFacts(error)})
  })
  // A worker's error is told as well, and left to whoever owns the worker.
  process.on('worker', (worker) => {
    worker.on(errorMonitor, (error: unknown) =>
      breadcrumbs.record('uncaught', {origin: 'worker', ...errorFacts(error)}),
    )
  })
  process.on('exit', (code) => {
    if (!isQuiet) breadcrumbs.record('end', {code})
    unmark()
  })
  return {unmark}
}

/** What an error is and where it came from; not its message, which may hold what the user wrote. */
export function errorFacts(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof Error)) return {error: typeof error}
  const [, place] = /^ +at .*?([^/\\(\s]+:\d+:\d+)\)?$/m.exec(error.stack ?? '') ?? []
  return {error: error.name, errno: (error as NodeJS.ErrnoException).code, at: place}
}

function sessionOf({session}: {session?: string | undefined}): {session?: string} {
  return session === undefined ? {} : {session}
}

function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action()
  } catch {
    return undefined // A read-only home must not hurt what is worth a record.
  }
}
