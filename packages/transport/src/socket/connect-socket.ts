import {connect} from 'node:net'
import type {Transport} from '@holdfast/rpc'
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
    socket.on('error', (error) => reject(toConnectError(path, error)))
    socket.once('connect', () => resolve(createStreamTransport({readable: socket, writable: socket}, streamOptions)))
    return () => socket.destroy()
  })
}
