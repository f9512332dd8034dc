import {createPrivateKey, X509Certificate} from 'node:crypto'
import {lookup} from 'node:dns/promises'
import {once} from 'node:events'
import {createServer, STATUS_CODES, type IncomingMessage, type RequestListener} from 'node:http'
import {createServer as createTlsServer} from 'node:https'
import {BlockList, isIPv6, type AddressInfo, type Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {createSecureContext} from 'node:tls'
import type {Transport} from '@holdfast/rpc'
import {WebSocketServer} from 'ws'
import {errnoOf} from '../errors/is-gone.ts'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'
import {createReadBudget, createWriteBudget} from '../messages/peer-budget.ts'
import {SocketError} from '../errors/socket-error.ts'
import {createOwnAddress, type OwnAddress, type OwnAddressOptions} from './own-address.ts'
import {createSocketLimit} from './socket-limit.ts'
import {assertToken, isAuthorized} from './token.ts'
import {RECEIVER_OPTIONS, type WebSocketOptions} from './websocket-options.ts'
import {createWebSocketTransport} from './websocket-transport.ts'

export interface WebSocketAddress {
  /** @default '127.0.0.1' */
  host?: string
  /** 0: any free port. @default 0 */
  port?: number
}

export interface TlsOptions {
  /** The certificate, with those of its issuers behind it, in PEM. */
  cert: string | Buffer
  key: string | Buffer
}

/** Who may connect, or the HTTP status to refuse it with. */
export type Decision<Caller> = {caller: Caller} | {status: number}

export interface ListenWebSocketOptions<Caller = undefined> extends WebSocketOptions {
  /** Access token that clients must send in the Authorization header, after `Bearer `. Required beyond loopback. @default none */
  token?: string | undefined
  /** Decides in place of `token`. Only asked for a Host and an Origin of this server. */
  authorize?: ((request: IncomingMessage) => Decision<Caller>) | undefined
  /** Answers requests that are no WebSockets, within 30 s. Only asked for a Host and an Origin of this server. @default status 426 */
  handleRequest?: RequestListener
  /** Encrypts: the URL is `wss://…`. Required beyond loopback, unless `insecure`. @default none */
  tls?: TlsOptions | undefined
  /** Listens beyond loopback without `tls`: where a proxy encrypts, or the network is trusted. @default false */
  insecure?: boolean | undefined
  /** Where a proxy serves this server, such as `https://example.org`. @default none */
  publicUrl?: URL | undefined
  /** Reports a request that was refused, and the status of the answer. @default ignored */
  onRefused?: (status: number, request: IncomingMessage) => void
  /** Reports a connection that could not be accepted, for example with `EMFILE`. @default ignored */
  onFault?: (error: Error) => void
}

export interface WebSocketListener {
  /** Such as `ws://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Encrypts later connections with another certificate, and lets the server have its names. Throws a `SocketError`, and keeps the one
   * before, if it is none. Only with `tls`.
   */
  renewTls(tls: TlsOptions): void
  /** Accepts no more connections. Open transports stay open. */
  close(): Promise<void>
}

/** Whoever reaches the port may connect. A client sends its request at once, so the oldest of many is not one. */
const NEWCOMERS = {max: 16, withinMs: 10_000}
/** Connections whose request is being answered; a client may be slow to read. */
const ANSWERED = {max: 64, withinMs: 30_000}
const HTTP_OPTIONS = {maxHeaderSize: 16 * 1024}

/**
 * Listens for WebSocket connections. Rejects with `SocketError`: for a host beyond loopback, code `token-needed` without `token`
 * or `authorize`, and `tls-needed` without `tls` or `insecure`.
 */
export async function listenWebSocket<Caller = undefined>(
  {host = '127.0.0.1', port = 0}: WebSocketAddress,
  onConnection: (transport: Transport, caller: Caller) => void,
  options: ListenWebSocketOptions<Caller> = {},
): Promise<WebSocketListener> {
  const {token, authorize, handleRequest = refuseRequest, tls, insecure = false, publicUrl, ...rest} = options
  const {onRefused, onFault, ...givenOptions} = rest
  const transportOptions = {readBudget: createReadBudget(), writeBudget: createWriteBudget(), ...givenOptions}
  if (token !== undefined) assertToken(token)
  const address = await resolveHost(host)
  if (!isLoopback(address)) {
    const what = `\`${host}\` is not a loopback address`
    if (token === undefined && !authorize)
      throw new SocketError('token-needed', `${what}: set \`token\` to listen there`)
    if (!tls && !insecure) throw new SocketError('tls-needed', `${what}: set \`tls\` to listen there`)
  }

  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    ...RECEIVER_OPTIONS,
    maxPayload: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  })
  let own = ownAddress({listenHost: host, tls, publicUrl})
  const server = tls ? createTlsServer({...HTTP_OPTIONS, ...tls}) : createServer(HTTP_OPTIONS)
  const [newcomers, answered] = [createSocketLimit(NEWCOMERS), createSocketLimit(ANSWERED)]
  server.on('connection', newcomers.add)
  server.on('request', (request, response) => {
    const {socket} = request
    newcomers.remove(socket)
    answered.add(socket)
    response.once('close', () => {
      answered.remove(socket)
      newcomers.add(socket)
    })
    const status = own.refusalStatus(request.headers)
    if (status === undefined) return handleRequest(request, response)
    onRefused?.(status, request)
    response.writeHead(status, {connection: 'close', 'content-type': 'text/plain'}).end(`${FOREIGN[status]}\n`)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    const foreign = own.refusalStatus(request.headers)
    const decision = foreign === undefined ? decide(request) : {status: foreign}
    if ('status' in decision) {
      onRefused?.(decision.status, request)
      return refuse(socket, decision.status)
    }
    newcomers.remove(socket)
    acceptor.handleUpgrade(request, socket, head, (webSocket) =>
      onConnection(createWebSocketTransport(webSocket, socket, transportOptions), decision.caller),
    )
  })

  function decide(request: IncomingMessage): Decision<Caller> {
    if (authorize) return authorize(request)
    if (token !== undefined && !isAuthorized(request.headers.authorization, token)) return {status: 401}
    return {caller: undefined as Caller}
  }

  try {
    server.listen(port, address)
    await once(server, 'listening')
  } catch (cause) {
    throw toSocketError(`${host}:${port}`, cause)
  }
  server.on('error', (error) => onFault?.(error))
  const {port: boundPort} = server.address() as AddressInfo
  return {
    url: `${tls ? 'wss' : 'ws'}://${isIPv6(address) ? `[${address}]` : address}:${boundPort}`,
    renewTls(next) {
      if (!('setSecureContext' in server)) throw new TypeError('Expected a server with `tls`, got one without')
      own = ownAddress({listenHost: host, tls: next, publicUrl})
      server.setSecureContext({...next})
    },
    async close() {
      server.close()
      // Connections that are not WebSockets yet: their deadlines end with the server.
      server.closeAllConnections()
    },
  }
}

/** Throws if the certificate is none, or has another key. */
function ownAddress({listenHost, tls, publicUrl}: Omit<OwnAddressOptions, 'cert'> & {tls: TlsOptions | undefined}) {
  try {
    if (tls) requireUsable(tls)
    return createOwnAddress({listenHost, cert: tls?.cert, publicUrl})
  } catch (cause) {
    const message = `Expected a certificate and its key in PEM, got something else: ${(cause as Error).message}`
    throw new SocketError('failed', message, {cause})
  }
}

function requireUsable({cert, key}: TlsOptions): void {
  createSecureContext({cert, key})
  // It takes an empty key for none.
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return
  throw new Error('the key is not that of the certificate')
}

const refuseRequest: RequestListener = (_request, response) => {
  response.writeHead(426, {upgrade: 'websocket', connection: 'close'}).end()
}

const FOREIGN = {
  403: 'This request comes from a page of another server.',
  421: 'This server does not have the name by which it was asked for.',
} as const satisfies Record<NonNullable<ReturnType<OwnAddress['refusalStatus']>>, string>

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
