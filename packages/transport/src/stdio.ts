import type {Readable, Writable} from 'node:stream'
import type {Transport} from '@holdfast/rpc'
import {claimStdout} from './claim-stdout.ts'
import {createStreamTransport, type ProcessExit, type StreamTransportOptions} from './stream-transport.ts'

export {claimStdout, type ClaimedStdout} from './claim-stdout.ts'
export type {ProcessExit} from './stream-transport.ts'

export interface ProcessTransportOptions extends StreamTransportOptions {
  /** @default process.stdin */
  stdin?: Readable
  /** @default process.stdout, claimed for good: what else is printed there lands on stderr */
  stdout?: Writable
}

/**
 * To whoever started this process, over its own stdin and stdout. Closed when stdin ends: then the process should end
 * too.
 */
export function createProcessTransport(options: ProcessTransportOptions = {}): Transport {
  const {stdin = process.stdin, stdout, ...streamOptions} = options
  if (stdout) return createStreamTransport({readable: stdin, writable: stdout}, streamOptions)
  const claimed = claimStdout()
  return createStreamTransport({readable: stdin, writable: claimed.stdout}, streamOptions)
}

/** A process that we started, with pipes for stdin and stdout. */
export interface ChildStreams {
  stdin: Writable
  stdout: Readable
  /** Resolves when the process has died or could not be started. Not when its pipes close: others may hold them. */
  exited: Promise<ProcessExit>
}

/**
 * To a child process, over its stdin and stdout. Closed when the child has died, even while something that it started
 * holds the pipe, with exit code, signal and last stderr lines; or when it ended its stdout.
 */
export function createChildTransport(child: ChildStreams, options: StreamTransportOptions = {}): Transport {
  return createStreamTransport({readable: child.stdout, writable: child.stdin, exited: child.exited}, options)
}
