import type {Socket} from 'node:net'
import {Readable, Writable} from 'node:stream'

import {type Fact, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {graces} from '../shutdown/graces.ts'
import {childFacts, type Child, type ChildExit, type ChildOptions} from './child.ts'
import {findCrashMessage} from './find-crash-message.ts'
import {type Launched, launch} from './launch.ts'
import {explainSpawnError, isTransient} from './spawn-error.ts'
import {noStderr} from './stderr-tail.ts'
import {createStopSequence, type StopSequence} from './stop-sequence.ts'
import {withResolvers} from './with-resolvers.ts'

/**
 * Starts a child process. Never throws: for a process that cannot be started, `exited` resolves with the error.
 *
 * The child leads a process group of its own, has pipes of its own, and finds `HOLDFAST_INSTANCE=<name>:<generation>` in
 * its environment. Its stderr is always read.
 */
export function startChild(options: ChildOptions): Child {
  const {name, command, cwd, generation = 1, breadcrumbs = noBreadcrumbs, outlives} = options
  const exited = withResolvers<ChildExit>()
  let state: 'running' | 'exited' | 'released' = 'running'
  let stopping: StopSequence | undefined

  const launched = tryToLaunch()
  const {process: child, stderr} = launched
  const pid = child?.pid
  const stdin = child?.stdin ?? endedWritable()
  const stdout = child?.stdout ?? Readable.from([])
  // The user of a pipe gets its errors, too; an error of an unused pipe must not end this process.
  for (const stream of [stdin, stdout]) stream.on('error', () => {})
  if (pid !== undefined) record('spawn')

  child?.on('exit', (code, signal) => {
    if (state === 'released') return
    state = 'exited'
    stopping?.leaderExited()
    unref(child.stderr)
    afterPendingReads(() => reportExit(code, signal))
  })
  child?.on('error', (error) => {
    // Once the process has started, an error changes nothing: it lives, and will exit.
    if (pid === undefined) reportFailedStart(error)
  })

  function tryToLaunch(): Launched | {process: undefined; stderr: typeof noStderr} {
    try {
      return launch(options)
    } catch (error) {
      // Reported later, like the errors of a start that arrive as events.
      process.nextTick(reportFailedStart, error)
      return {process: undefined, stderr: noStderr}
    }
  }

  function reportFailedStart(error: unknown): void {
    state = 'exited'
    const explained = explainSpawnError(error, command, cwd)
    record('spawn-failed', {errno: (explained as NodeJS.ErrnoException).code})
    const facts = {pid, generation, code: null, signal: null, stderr: [], requested: false}
    exited.resolve({...facts, error: explained, startable: isTransient(error)})
  }

  function reportExit(code: number | null, signal: NodeJS.Signals | null): void {
    const requested = stopping !== undefined
    const says = findCrashMessage(stderr.text())
    record('child-exit', {code, signal, requested, stderr_bytes: stderr.bytes(), stderr_says: says})
    exited.resolve({pid, generation, code, signal, stderr: stderr.errorLines(), requested, startable: true})
  }

  function record(event: string, facts: Readonly<Record<string, Fact | undefined>> = {}): void {
    breadcrumbs.record(event, {...childFacts(name, {pid, generation}), ...facts})
  }

  return {
    pid,
    generation,
    stdin,
    stdout,
    exited: exited.promise,
    stderrTail: stderr.text,
    async stop(reason, {graceMs = graces.child.graceMs, killAfterMs = graces.child.killAfterMs} = {}) {
      if (state === 'released') throw new Error(`Cannot stop ${name}: it was released`)
      if (state === 'running' && pid !== undefined) {
        if (!stopping) {
          stopping = createStopSequence(pid, (signal) => record('signal', {signal, reason}))
          record('stop', {reason})
          stdin.end()
        }
        stopping.setDeadlines(outlives ? 0 : graceMs, killAfterMs)
      }
      await stopping?.done
      return exited.promise
    },
    release() {
      if (!outlives) throw new Error(`Cannot release ${name}: it was started without \`outlives\``)
      if (state !== 'running' || stopping || !child) return
      state = 'released'
      record('release')
      stdout.destroy()
      child.unref()
    },
  }
}

/**
 * Calls `next` after everything that can be read now was read: the last output of a process is in the pipe when its exit
 * is reported, but may be read only in the next round of the event loop.
 */
function afterPendingReads(next: () => void): void {
  setImmediate(() => setImmediate(next))
}

/** A grandchild may hold the pipe for days. It is read for that long, but does not keep this process alive. */
function unref(stream: Readable | null): void {
  const socket = stream as Socket | null
  socket?.unref()
}

function endedWritable(): Writable {
  return new Writable({write: (_chunk, _encoding, done) => done()}).end()
}
