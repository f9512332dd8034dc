import {connect} from 'node:net'
import type {Transport} from '@holdfast/rpc'
import {errnoOf} from '../errors/is-gone.ts'
import {SocketError} from '../errors/socket-error.ts'
import {createStreamTransport, type StreamTransportOptions} from '../ndjson/stream-transport.ts'
import {openWithin, toConnectError} from './open-within.ts'
import {assertSocketPath} from './socket-path.ts'

export interface ConnectSocketOptions extends StreamTransportOptions {
  /** How long the connection may take to open, ms, above 0. `Infinity`: any time. @default 2000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/** Connects to a Unix socket; tries once. Rejects with `SocketError`, or with the signal's reason. */
export async function connectSocket(path: string, options: ConnectSocketOptions = {}): Promise<Transport> {
  const {timeoutMs = 2000, signal, ...streamOptions} = options
  assertSocketPath(path)
  return openWithin(path, {timeoutMs, signal}, (resolve, reject) => {
    const socket = connect({path})
    socket.on('error', (error) => reject(toSocketError(path, error)))
    socket.once('connect', () => resolve(createStreamTransport({readable: socket, writable: socket}, streamOptions)))
    return () => socket.destroy()
  })
}

/** A server that is killed resets the connections that it has not accepted yet. */
function toSocketError(path: string, cause: Error): SocketError {
  const wasReset = errnoOf(cause) === 'ECONNRESET'
  return wasReset
    ? new SocketError('nobody-listens', `The server at \`${path}\` has ended (ECONNRESET)`, {cause})
    : toConnectError(path, cause)
}
