import type {IncomingMessage} from 'node:http'
import type {Transport} from '@holdfast/rpc'
import {WebSocket} from 'ws'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'
import {openWithin, toConnectError} from '../socket/open-within.ts'
import {SocketError} from '../errors/socket-error.ts'
import {assertToken, authorizationOf} from './token.ts'
import {RECEIVER_OPTIONS, type WebSocketOptions} from './websocket-options.ts'
import {createWebSocketTransport} from './websocket-transport.ts'

export interface ConnectWebSocketOptions extends WebSocketOptions {
  /** Access token, sent in the Authorization header, never in the URL. @default none */
  token?: string | undefined
  /** How long the connection may take to open, ms, above 0. `Infinity`: any time. @default 10_000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * Connects to a WebSocket; tries once. Rejects with `SocketError`, or with the signal's reason. Errors show only the host and
 * the path of the URL. Does not follow redirects, which could send the token to another server.
 */
export async function connectWebSocket(url: string | URL, options: ConnectWebSocketOptions = {}): Promise<Transport> {
  const {token, timeoutMs = 10_000, signal, ...transportOptions} = options
  const target = parseUrl(url)
  const address = `${target.protocol}//${target.host}${target.pathname}`
  if (token !== undefined) assertToken(token)
  return openWithin(address, {timeoutMs, signal}, (resolve, reject) => {
    const webSocket = new WebSocket(target, {
      ...(token !== undefined && {headers: {authorization: authorizationOf(token)}}),
      maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
      ...RECEIVER_OPTIONS,
    })
    let upgraded: IncomingMessage
    webSocket.on('upgrade', (response) => (upgraded = response))
    // In the event itself: a moment later, the first messages would be lost.
    webSocket.on('open', () => resolve(createWebSocketTransport(webSocket, upgraded.socket, transportOptions)))
    webSocket.on('unexpected-response', (_request, {statusCode}) => reject(toRefusal(address, statusCode)))
    webSocket.on('error', (error) => reject(toConnectError(address, error)))
    return () => webSocket.terminate()
  })
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined
  if (!parsed || !['ws:', 'wss:'].includes(parsed.protocol)) {
    throw new TypeError('Expected a URL that begins with `ws://` or `wss://`, got another')
  }
  if (parsed.username || parsed.password) {
    throw new TypeError('Expected a URL without credentials (pass them as `token`), got one with them')
  }
  return parsed
}

function toRefusal(address: string, status: number | undefined): SocketError {
  const message = `\`${address}\` refused the connection with status ${status}`
  if (status === 401) return new SocketError('refused', `${message}: check the token`)
  if (status === 403) return new SocketError('refused', message)
  if (status === 421) return new SocketError('failed', `${message}: it does not know this name as its own`)
  // Other answers, such as from a proxy whose server is down, may be different next time.
  return new SocketError('failed', message)
}
