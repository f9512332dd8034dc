import type {Readable, Writable} from 'node:stream'
import type {Transport} from '@holdfast/rpc'
import {createStreamTransport, type StreamTransportOptions} from '../ndjson/stream-transport.ts'
import {claimStdout} from './claim-stdout.ts'

export interface ProcessTransportOptions extends StreamTransportOptions {
  /** @default process.stdin */
  stdin?: Readable
  /** @default process.stdout, claimed for good: other output of this process goes to stderr */
  stdout?: Writable
}

/**
 * Connects this process to its parent over stdin and stdout. Closes when stdin ends; the process should then exit, too.
 */
export function createProcessTransport(options: ProcessTransportOptions = {}): Transport {
  const {stdin = process.stdin, stdout = claimStdout().stdout, ...streamOptions} = options
  return createStreamTransport({readable: stdin, writable: stdout}, streamOptions)
}
