import {Readable, Writable} from 'node:stream'
import type {Socket} from 'node:net'

import {type Fact, noBreadcrumbs} from '@holdfast/breadcrumbs'

import type {Child, ChildExit, ChildOptions} from './child.ts'
import {type Launched, launch} from './launch.ts'
import {recognize} from './last-words.ts'
import {maskSecrets} from './mask-secrets.ts'
import {explainSpawnError, isPassing} from './spawn-error.ts'
import {lastLines, noStderr} from './stderr-tail.ts'
import {createStopSequence, type StopSequence} from './stop-sequence.ts'

/**
 * Starts a child process. Never throws: a process that cannot be started is one that has ended, and `exited` says why.
 *
 * The child leads a process group of its own, has pipes of its own, and bears the mark `HOLDFAST_INSTANCE=<name>:<generation>`
 * in its environment. What it writes on stderr is always read.
 */
export function startChild(options: ChildOptions): Child {
  const {name, command, cwd, generation = 1, breadcrumbs = noBreadcrumbs, outlives} = options
  const exited = Promise.withResolvers<ChildExit>()
  let state: 'running' | 'ended' | 'released' = 'running'
  let ladder: StopSequence | undefined

  const launched = tryToLaunch()
  const {process: child, stderr} = launched
  const pid = child?.pid
  const stdin = child?.stdin ?? endedWritable()
  const stdout = child?.stdout ?? Readable.from([])
  // Whoever uses a pipe hears of its errors too; a pipe that nobody uses must not end this process.
  for (const stream of [stdin, stdout]) stream.on('error', () => {})
  if (pid !== undefined) record('spawn')

  child?.on('exit', (code, signal) => {
    if (state === 'released') return
    state = 'ended'
    ladder?.leaderEnded()
    unref(child.stderr)
    afterWholeTurn(() => end(code, signal))
  })
  child?.on('error', (error) => {
    // Other errors than that of a start change nothing: the process lives, and will exit.
    if (pid === undefined) failToStart(error)
  })

  function tryToLaunch(): Launched | {process: undefined; stderr: typeof noStderr} {
    try {
      return launch(options)
    } catch (error) {
      // Told later, as other errors of a start are.
      process.nextTick(failToStart, error)
      return {process: undefined, stderr: noStderr}
    }
  }

  function failToStart(error: unknown): void {
    state = 'ended'
    const explained = explainSpawnError(error, command, cwd)
    record('spawn-failed', {errno: (explained as NodeJS.ErrnoException).code})
    const facts = {pid, generation, code: null, signal: null, stderr: [], requested: false}
    exited.resolve({...facts, error: explained, startable: isPassing(error)})
  }

  function end(code: number | null, signal: NodeJS.Signals | null): void {
    const requested = ladder !== undefined
    const said = stderrTail()
    record('child-exit', {code, signal, requested, stderr_bytes: stderr.bytes(), says: recognize(said)})
    const lines = lastLines(said, 3)
    exited.resolve({pid, generation, code, signal, stderr: lines, requested, startable: true})
  }

  /** Masked as a whole: what is a secret shows only where its parts stand together. */
  function stderrTail(): string {
    return maskSecrets(stderr.text())
  }

  function record(what: string, facts: Readonly<Record<string, Fact | undefined>> = {}): void {
    breadcrumbs.record(what, {child: name, child_pid: pid, child_generation: generation, ...facts})
  }

  return {
    pid,
    generation,
    stdin,
    stdout,
    exited: exited.promise,
    stderrTail,
    async stop(reason, {graceMs = 2000, killAfterMs = 2000} = {}) {
      if (state === 'released') throw new Error(`Expected ${name} to be still ours, but it was released`)
      if (state === 'running' && pid !== undefined) {
        if (!ladder) {
          ladder = createStopSequence(pid, (signal) => record('signal', {signal, reason}))
          record('stop', {reason})
          stdin.end()
        }
        ladder.climb(outlives ? 0 : graceMs, killAfterMs)
      }
      await ladder?.done
      return exited.promise
    },
    release() {
      if (!outlives) throw new Error(`Expected ${name} to be a child that outlives us`)
      if (state !== 'running' || ladder || !child) return
      state = 'released'
      record('release')
      stdout.destroy()
      child.unref()
    },
  }
}

/**
 * Calls `next` after all that could be read at this moment was read: what a process wrote before its end is in the pipe
 * when its exit is told, but may be read only in the next round of the event loop.
 */
function afterWholeTurn(next: () => void): void {
  setImmediate(() => setImmediate(next))
}

/** A grandchild may hold the pipe for days. It is read for so long, but does not keep this process alive. */
function unref(stream: Readable | null): void {
  const socket = stream as Socket | null
  socket?.unref()
}

function endedWritable(): Writable {
  return new Writable({write: (_chunk, _encoding, done) => done()}).end()
}
