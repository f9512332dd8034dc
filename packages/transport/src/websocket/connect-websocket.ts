import type {IncomingMessage} from 'node:http'
import type {Transport} from '@holdfast/rpc'
import {WebSocket} from 'ws'
import {errnoOf} from '../errors/is-gone.ts'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'
import {assertOpening, waitForOpening} from '../socket/opening.ts'
import {SocketError} from '../errors/socket-error.ts'
import {assertToken, authorizationOf} from './token.ts'
import type {WebSocketOptions} from './websocket-options.ts'
import {createWebSocketTransport} from './websocket-transport.ts'

export interface ConnectWebSocketOptions extends WebSocketOptions {
  /** Sent in the Authorization header, never in the URL. @default none */
  token?: string
  /** How long to wait for the connection, ms, above 0. `Infinity`: none is too long. @default 10_000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * Connects to a WebSocket, once. Rejects with `SocketError`, or with the signal's reason; no error says more of the URL
 * than host and path. Redirects are not followed, so that the token goes to nobody else.
 */
export async function connectWebSocket(url: string | URL, options: ConnectWebSocketOptions = {}): Promise<Transport> {
  const {token, timeoutMs = 10_000, signal, ...transportOptions} = options
  const target = readUrl(url)
  const address = `${target.protocol}//${target.host}${target.pathname}`
  if (token !== undefined) assertToken(token)
  assertOpening({timeoutMs, signal})

  const opening = Promise.withResolvers<Transport>()
  const webSocket = new WebSocket(target, {
    ...(token !== undefined && {headers: {authorization: authorizationOf(token)}}),
    maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  })
  let upgraded: IncomingMessage
  webSocket.on('upgrade', (response) => (upgraded = response))
  // At once: a moment later, first messages would have nobody to wait for.
  webSocket.on('open', () => opening.resolve(createWebSocketTransport(webSocket, upgraded.socket, transportOptions)))
  webSocket.on('unexpected-response', (_request, {statusCode}) =>
    opening.reject(
      // Others, as of a proxy that has nobody behind it, may be gone the next time.
      new SocketError(
        statusCode === 401 || statusCode === 403 ? 'refused' : 'failed',
        `Expected \`${address}\` to accept us, got status ${statusCode}`,
      ),
    ),
  )
  webSocket.on('error', (error) => opening.reject(toSocketError(address, error)))
  return waitForOpening(opening, address, {timeoutMs, signal}, () => webSocket.terminate())
}

function readUrl(url: string | URL): URL {
  const parsed = URL.parse(String(url))
  if (!parsed || !['ws:', 'wss:'].includes(parsed.protocol)) {
    throw new TypeError('Expected a URL that begins with `ws://` or `wss://`, got another')
  }
  if (parsed.username || parsed.password) {
    throw new TypeError('Expected a URL without credentials (a token is an option of its own), got one with them')
  }
  return parsed
}

const NOBODY = new Set(['ECONNREFUSED', 'ENOTFOUND'])

function toSocketError(address: string, cause: Error): SocketError {
  const errno = errnoOf(cause) ?? cause.message
  const code = NOBODY.has(errno) ? 'nobody-listens' : 'failed'
  return new SocketError(code, `Expected somebody to listen at \`${address}\`, got \`${errno}\``, {cause})
}
