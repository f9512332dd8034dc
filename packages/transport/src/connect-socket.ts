import {connect} from 'node:net'
import type {Transport} from '@holdfast/rpc'
import {errnoOf} from './is-gone.ts'
import {SocketError} from './socket-error.ts'
import {assertSocketPath} from './socket-path.ts'
import {createStreamTransport, type StreamTransportOptions} from './stream-transport.ts'

export interface ConnectSocketOptions extends StreamTransportOptions {
  /** How long to wait for the connection, ms. @default 2000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/** Connects to a Unix socket, once. Rejects with `SocketError`, or with the signal's reason. */
export async function connectSocket(path: string, options: ConnectSocketOptions = {}): Promise<Transport> {
  const {timeoutMs = 2000, signal, ...streamOptions} = options
  assertSocketPath(path)
  signal?.throwIfAborted()
  const {promise, resolve, reject} = Promise.withResolvers<Transport>()
  const socket = connect({path})
  const timer = setTimeout(
    () => reject(new SocketError('timeout', `Expected \`${path}\` to answer within ${timeoutMs} ms, got nothing`)),
    timeoutMs,
  )
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  socket.on('error', (error) => reject(toSocketError(path, error)))
  socket.once('connect', () => resolve(createStreamTransport({readable: socket, writable: socket}, streamOptions)))
  try {
    return await promise
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

const NOBODY = new Set(['ENOENT', 'ECONNREFUSED'])

function toSocketError(path: string, cause: Error): SocketError {
  const errno = errnoOf(cause) ?? cause.message
  const code = NOBODY.has(errno) ? 'nobody-listens' : 'failed'
  return new SocketError(code, `Expected somebody to listen at \`${path}\`, got \`${errno}\``, {cause})
}
