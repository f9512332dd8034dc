import {connect} from 'node:net'
import type {Transport} from '@holdfast/rpc'
import {errnoOf} from '../errors/is-gone.ts'
import {assertOpening, waitForOpening} from './opening.ts'
import {SocketError} from '../errors/socket-error.ts'
import {assertSocketPath} from './socket-path.ts'
import {createStreamTransport, type StreamTransportOptions} from '../ndjson/stream-transport.ts'

export interface ConnectSocketOptions extends StreamTransportOptions {
  /** How long to wait for the connection, ms, above 0. `Infinity`: none is too long. @default 2000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/** Connects to a Unix socket, once. Rejects with `SocketError`, or with the signal's reason. */
export async function connectSocket(path: string, options: ConnectSocketOptions = {}): Promise<Transport> {
  const {timeoutMs = 2000, signal, ...streamOptions} = options
  assertSocketPath(path)
  assertOpening({timeoutMs, signal})
  const opening = Promise.withResolvers<Transport>()
  const socket = connect({path})
  socket.on('error', (error) => opening.reject(toSocketError(path, error)))
  socket.once('connect', () =>
    opening.resolve(createStreamTransport({readable: socket, writable: socket}, streamOptions)),
  )
  return waitForOpening(opening, path, {timeoutMs, signal}, () => socket.destroy())
}

const NOBODY = new Set(['ENOENT', 'ECONNREFUSED'])

function toSocketError(path: string, cause: Error): SocketError {
  const errno = errnoOf(cause) ?? cause.message
  const code = NOBODY.has(errno) ? 'nobody-listens' : 'failed'
  return new SocketError(code, `Expected somebody to listen at \`${path}\`, got \`${errno}\``, {cause})
}
