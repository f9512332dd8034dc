import type {Readable, Writable} from 'node:stream'
import type {Transport} from '@holdfast/rpc'
import {type StartedProcess, watchExit} from './child-exit.ts'
import {claimStdout} from './claim-stdout.ts'
import {createStreamTransport, type ProcessExit, type StreamTransportOptions} from './stream-transport.ts'

export {claimStdout, type ClaimedStdout} from './claim-stdout.ts'
export type {StartedProcess} from './child-exit.ts'
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
 * To a child process, over its stdin and stdout: what `spawn` of `node:child_process` returns, or its streams and a
 * promise of its end. Closed when the child has died, even while something that it started holds the pipe, with exit code,
 * signal and last stderr lines; or when it ended its stdout. Throws `TypeError` if stdin or stdout is no pipe.
 */
export function createChildTransport(
  child: ChildStreams | StartedProcess,
  options: StreamTransportOptions = {},
): Transport {
  const {stdin, stdout, exited} = 'exited' in child ? child : {...streamsOf(child), exited: watchExit(child)}
  return createStreamTransport({readable: stdout, writable: stdin, exited}, options)
}

function streamsOf({stdin, stdout}: StartedProcess): {stdin: Writable; stdout: Readable} {
  if (stdin && stdout) return {stdin, stdout}
  throw new TypeError('Expected a child whose stdin and stdout are pipes, got one with others')
}
