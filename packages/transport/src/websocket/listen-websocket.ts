import {lookup} from 'node:dns/promises'
import {once} from 'node:events'
import {createServer, STATUS_CODES, type IncomingMessage} from 'node:http'
import {BlockList, isIPv6, type AddressInfo, type Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import type {Transport} from '@holdfast/rpc'
import {WebSocketServer} from 'ws'
import {errnoOf} from '../errors/is-gone.ts'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'
import {createReadBudget, createWriteBudget} from '../messages/peer-budget.ts'
import {SocketError} from '../errors/socket-error.ts'
import {createNewcomers} from './newcomers.ts'
import {assertToken, isAuthorized} from './token.ts'
import {RECEIVER_OPTIONS, type WebSocketOptions} from './websocket-options.ts'
import {createWebSocketTransport} from './websocket-transport.ts'

export interface WebSocketAddress {
  /** @default '127.0.0.1' */
  host?: string
  /** 0: any free port. @default 0 */
  port?: number
}

export interface ListenWebSocketOptions extends WebSocketOptions {
  /** Access token that clients must send in the Authorization header, after `Bearer `. Required beyond loopback. @default none */
  token?: string | undefined
  /** The web pages that may connect, by the Origin header of the browser (`https://example.org`). @default none */
  origins?: readonly string[] | undefined
  /** Reports a connection that could not be accepted, for example with `EMFILE`. @default ignored */
  onFault?: (error: Error) => void
}

export interface WebSocketListener {
  /** Such as `ws://127.0.0.1:8080`. */
  readonly url: string
  /** Accepts no more connections. Open transports stay open. */
  close(): Promise<void>
}

/** Listens for WebSocket connections. Rejects with `SocketError`, code `token-needed` for a host beyond loopback without a token. */
export async function listenWebSocket(
  {host = '127.0.0.1', port = 0}: WebSocketAddress,
  onConnection: (transport: Transport) => void,
  options: ListenWebSocketOptions = {},
): Promise<WebSocketListener> {
  const {token, origins = [], onFault, ...givenOptions} = options
  const transportOptions = {readBudget: createReadBudget(), writeBudget: createWriteBudget(), ...givenOptions}
  if (token !== undefined) assertToken(token)
  const address = await resolveHost(host)
  if (token === undefined && !isLoopback(address)) {
    throw new SocketError('token-needed', `\`${host}\` is not a loopback address: set \`token\` to listen there`)
  }

  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    ...RECEIVER_OPTIONS,
    maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  })
  const server = createServer((_request, response) => {
    response.writeHead(426, {upgrade: 'websocket', connection: 'close'}).end()
  })
  const newcomers = createNewcomers()
  server.on('connection', newcomers.add)
  server.on('upgrade', (request, socket, head) => {
    const status = refusalStatus(request, token, origins)
    if (status !== undefined) return refuse(socket, status)
    newcomers.admit(socket)
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
      // Connections that are not WebSockets yet: their deadlines end with the server.
      server.closeAllConnections()
    },
  }
}

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

/** The status to refuse a client with. Any web page may try to connect, and browsers send its origin. */
function refusalStatus({headers}: IncomingMessage, token: string | undefined, origins: readonly string[]) {
  if (headers.origin !== undefined && !origins.includes(headers.origin)) return 403
  if (token !== undefined && !isAuthorized(headers.authorization, token)) return 401
  return undefined
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {})
  // A refused client must not keep the socket open either.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function toSocketError(address: string, cause: unknown): SocketError {
  const errno = errnoOf(cause)
  if (errno === 'EADDRINUSE') {
    return new SocketError('in-use', `\`${address}\` is in use: choose another port`, {cause})
  }
  return new SocketError('failed', `Could not listen at \`${address}\`: ${errno ?? String(cause)}`, {cause})
}
