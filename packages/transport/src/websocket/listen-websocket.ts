import {lookup} from 'node:dns/promises'
import {once} from 'node:events'
import {createServer, STATUS_CODES, type IncomingMessage} from 'node:http'
import {BlockList, isIPv6, type AddressInfo, type Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import type {Transport} from '@holdfast/rpc'
import {WebSocketServer} from 'ws'
import {errnoOf} from '../errors/is-gone.ts'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'
import {SocketError} from '../errors/socket-error.ts'
import {assertToken, isAuthorized} from './token.ts'
import type {WebSocketOptions} from './websocket-options.ts'
import {createWebSocketTransport} from './websocket-transport.ts'

export interface WebSocketAddress {
  /** @default '127.0.0.1' */
  host?: string
  /** 0: any that is free. @default 0 */
  port?: number
}

export interface ListenWebSocketOptions extends WebSocketOptions {
  /** What a client has to send in the Authorization header, after `Bearer `. Must be there beyond loopback. @default none */
  token?: string
  /** The pages that may connect, as browsers name them in the Origin header (`https://example.org`). @default none */
  origins?: readonly string[]
  /** Told of a connection that could not be accepted (`EMFILE`, say). @default ignored */
  onFault?: (error: Error) => void
}

export interface WebSocketListener {
  /** Such as `ws://127.0.0.1:8080`. */
  readonly url: string
  /** Accepts no more. Transports that were handed over live on. */
  close(): Promise<void>
}

/** Listens for WebSocket connections. Rejects with `SocketError`; with code `token-needed` beyond loopback without a token. */
export async function listenWebSocket(
  {host = '127.0.0.1', port = 0}: WebSocketAddress,
  onConnection: (transport: Transport) => void,
  options: ListenWebSocketOptions = {},
): Promise<WebSocketListener> {
  const {token, origins = [], onFault, ...transportOptions} = options
  if (token !== undefined) assertToken(token)
  const address = await resolveHost(host)
  if (token === undefined && !isLoopback(address)) {
    throw new SocketError('token-needed', `Expected a token to listen at \`${host}\`, which is not loopback, got none`)
  }

  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  })
  const server = createServer((_request, response) => {
    response.writeHead(426, {upgrade: 'websocket', connection: 'close'}).end()
  })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.on('upgrade', (request, socket, head) => {
    const status = refusalOf(request, token, origins)
    if (status !== undefined) return refuse(socket, status)
    acceptor.handleUpgrade(request, socket, head, (webSocket) =>
      onConnection(createWebSocketTransport(webSocket, socket as Socket, transportOptions)),
    )
  })

  try {
    server.listen(port, address)
    await once(server, 'listening')
  } catch (cause) {
    throw toSocketError(`${host}:${port}`, cause)
  }
  server.on('error', (error) => onFault?.(error))
  const {port: boundPort} = server.address() as AddressInfo
  return {
    url: `ws://${isIPv6(address) ? `[${address}]` : address}:${boundPort}`,
    async close() {
      server.close()
      // Those that are no WebSocket (yet): with the server, their deadlines are gone.
      server.closeAllConnections()
    },
  }
}

const HEADERS_TIMEOUT_MS = 10_000

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

async function resolveHost(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (cause) {
    throw toSocketError(host, cause)
  }
}

/** The status to refuse with. Every page in a browser may try to connect, and browsers say which page it is. */
function refusalOf({headers}: IncomingMessage, token: string | undefined, origins: readonly string[]) {
  if (headers.origin !== undefined && !origins.includes(headers.origin)) return 403
  if (token !== undefined && !isAuthorized(headers.authorization, token)) return 401
  return undefined
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {})
  // Whoever may not come in may not keep our socket open either.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function toSocketError(address: string, cause: unknown): SocketError {
  const errno = errnoOf(cause)
  if (errno === 'EADDRINUSE') {
    return new SocketError('in-use', `Expected \`${address}\` to be free, got one that is in use`, {cause})
  }
  return new SocketError('failed', `Expected to listen at \`${address}\`, got \`${errno ?? String(cause)}\``, {cause})
}
