import type {Readable, Writable} from 'node:stream'
import type {Transport} from '@holdfast/rpc'
import {createStreamTransport, type ProcessExit, type StreamTransportOptions} from '../ndjson/stream-transport.ts'
import {type StartedProcess, watchExit} from './child-exit.ts'

/** A child process whose stdin and stdout are pipes, however it was started. */
export interface ChildStreams {
  stdin: Writable
  stdout: Readable
  /**
   * Resolves when the process has exited or could not be started. Closed pipes are not enough: a grandchild may keep them
   * open, and a living child may close them.
   */
  exited: Promise<ProcessExit>
}

/**
 * Connects to a child process over its stdin and stdout. `child` is the result of `spawn` of `node:child_process`, or its
 * streams with a promise of its exit.
 *
 * Closes when the child exits, even if a grandchild keeps the pipe open, with the exit code, the signal and the last lines
 * of stderr; or when the child ends its stdout. Throws `TypeError` if stdin or stdout is not a pipe.
 */
export function createChildTransport(
  child: ChildStreams | StartedProcess,
  options: StreamTransportOptions = {},
): Transport {
  const {stdin, stdout, exited} = 'exited' in child ? child : {...pipesOf(child), exited: watchExit(child)}
  return createStreamTransport({readable: stdout, writable: stdin, exited}, options)
}

function pipesOf({stdin, stdout}: StartedProcess): {stdin: Writable; stdout: Readable} {
  if (stdin && stdout) return {stdin, stdout}
  throw new TypeError("Expected a child whose stdin and stdout are pipes: spawn it with `stdio: 'pipe'`")
}
