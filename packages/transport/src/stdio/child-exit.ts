import type {Readable, Writable} from 'node:stream'
import {createStderrTail} from '@holdfast/breadcrumbs'
import type {ProcessExit} from '../ndjson/stream-transport.ts'

/** The members of a `ChildProcess` of `node:child_process` that this package uses. */
export interface StartedProcess {
  readonly pid?: number | undefined
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  readonly exitCode: number | null
  readonly signalCode: string | null
  on(event: 'exit', listener: (code: number | null, signal: string | null) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * Resolves when the process has exited or could not be started, with the lines of stderr that say why, if that is a
 * pipe. Reads stderr from now on: a child whose pipe is full would block.
 */
export function watchExit(child: StartedProcess): Promise<ProcessExit> {
  const tail = createStderrTail()
  child.stderr?.on('data', (chunk: Buffer | string) => {
    tail.push(Buffer.from(chunk as string))
  })
  child.stderr?.on('error', () => {})
  return new Promise((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      // Node reports the exit before it has read the rest of stderr, which it does in the next turn of the event loop.
      setImmediate(() => setImmediate(() => resolve({code, signal, stderr: tail.errorLines()})))
    }
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode)
    child.on('exit', end)
    child.on('error', (error) => {
      // With a pid, the process has started, and the error is another one.
      if (child.pid === undefined) resolve({code: null, signal: null, error, stderr: []})
    })
  })
}
