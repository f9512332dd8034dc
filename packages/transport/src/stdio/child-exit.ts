import type {Readable, Writable} from 'node:stream'
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

/** How much of the end of stderr to keep, bytes. */
const TAIL_BYTES = 4096

/**
 * Resolves when the process has exited or could not be started, with its last 3 lines of stderr if that is a pipe. Reads
 * stderr from now on: a child whose pipe is full would block.
 */
export function watchExit(child: StartedProcess): Promise<ProcessExit> {
  let tail: Buffer = Buffer.alloc(0)
  child.stderr?.on('data', (chunk: Buffer | string) => {
    tail = Buffer.concat([tail, Buffer.from(chunk as string)]).subarray(-TAIL_BYTES)
  })
  child.stderr?.on('error', () => {})
  return new Promise((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      // Node reports the exit before it has read the rest of stderr, which it does in the next turn of the event loop.
      setImmediate(() => setImmediate(() => resolve({code, signal, stderr: lastLines(tail)})))
    }
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode)
    child.on('exit', end)
    child.on('error', (error) => {
      // With a pid, the process has started, and the error is another one.
      if (child.pid === undefined) resolve({code: null, signal: null, error, stderr: []})
    })
  })
}

function lastLines(tail: Buffer): string[] {
  const lines = tail.toString().split(/\r?\n/)
  return lines.filter((line) => line.trim() !== '').slice(-3)
}
