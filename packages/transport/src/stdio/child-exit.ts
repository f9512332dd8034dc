import type {Readable, Writable} from 'node:stream'
import type {ProcessExit} from '../ndjson/stream-transport.ts'

/** What is used here of a `ChildProcess` of `node:child_process`. */
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

/** What is kept of stderr, bytes. */
const TAIL_BYTES = 4096

/**
 * How a process ends, with its last 3 lines on stderr if that is a pipe, which is read from now on: a child whose pipe is
 * full stands still.
 */
export function watchExit(child: StartedProcess): Promise<ProcessExit> {
  let tail: Buffer = Buffer.alloc(0)
  child.stderr?.on('data', (chunk: Buffer | string) => {
    tail = Buffer.concat([tail, Buffer.from(chunk as string)]).subarray(-TAIL_BYTES)
  })
  child.stderr?.on('error', () => {})
  return new Promise((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      // What it wrote before its end is in the pipe when its exit is told, and is read in the next round of the loop.
      setImmediate(() => setImmediate(() => resolve({code, signal, stderr: lastLines(tail)})))
    }
    if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode)
    child.on('exit', end)
    child.on('error', (error) => {
      // Any other error is not its end.
      if (child.pid === undefined) resolve({code: null, signal: null, error, stderr: []})
    })
  })
}

function lastLines(tail: Buffer): string[] {
  const lines = tail.toString().split(/\r?\n/)
  return lines.filter((line) => line.trim() !== '').slice(-3)
}
