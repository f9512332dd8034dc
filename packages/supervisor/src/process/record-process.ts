import {errorMonitor} from 'node:events'

import {type Breadcrumbs, errorFacts, type Fact} from '@holdfast/breadcrumbs'

import {removeDeadPidFiles, writePidFile} from './pid-files.ts'

export interface RecordProcessOptions {
  breadcrumbs: Breadcrumbs
  /** The folder of the PID files of all processes that share the crash log. Created when it is missing. */
  pidFolder: string
  /** The part that this process plays, as in the crash log. */
  role: string
  session?: string | undefined
  generation?: number | undefined
  /** Further facts of the `start` breadcrumb, such as the version. */
  facts?: Readonly<Record<string, Fact | undefined>>
  /** Records neither `start` nor `exit`: for commands that run by the thousand. @default false */
  isQuiet?: boolean
}

export interface RecordedProcess {
  /** Removes the PID file now: for an exit that is recorded and that Node reports no `exit` event for, such as by a signal. */
  removePidFile(): void
}

/**
 * Records the start and the exit of this process (`start`, `exit`), and uncaught errors (`uncaught`), in the crash log. Writes a PID file, and records `exit-inferred` for each PID file of a process that died without removing it:
 * that is how a process that is killed, or runs out of memory, gets into the log. Best effort: it does not throw. Call it
 * once in a process.
 */
export function recordProcess(options: RecordProcessOptions): RecordedProcess {
  const {breadcrumbs, pidFolder, role, session, generation, facts, isQuiet = false} = options
  for (const {file, rebooted} of attempt(() => removeDeadPidFiles(pidFolder, Date.now())) ?? []) {
    breadcrumbs.with(file.session === undefined ? {} : {session: file.session}).record('exit-inferred', {
      child: file.role,
      child_pid: file.process.pid,
      child_generation: file.generation,
      started: new Date(file.startedAt).toISOString(),
      rebooted,
    })
  }
  if (!isQuiet) breadcrumbs.record('start', {ppid: process.ppid, ...facts})
  const remove = attempt(() => writePidFile(pidFolder, {role, session, generation, startedAt: Date.now()}))
  const removePidFile = () => attempt(() => remove?.())

  process.on('uncaughtExceptionMonitor', (error, origin) => {
    breadcrumbs.record('uncaught', {origin, ...errorFacts(error)})
  })
  // An error in a worker is recorded, too, and left to the owner of the worker.
  process.on('worker', (worker) => {
    worker.on(errorMonitor, (error: unknown) =>
      breadcrumbs.record('uncaught', {origin: 'worker', ...errorFacts(error)}),
    )
  })
  process.on('exit', (code) => {
    if (!isQuiet) breadcrumbs.record('exit', {code})
    removePidFile()
  })
  return {removePidFile}
}

function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action()
  } catch {
    return undefined // A read-only home must not stop the program.
  }
}
