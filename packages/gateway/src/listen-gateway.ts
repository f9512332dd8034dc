import {createAttemptLimit, type AccessStore} from '@holdfast/access'
import {maxClients as defaultMaxClients, maxPeerQueueBytes, refusal} from '@holdfast/protocol'
import type {Transport} from '@holdfast/rpc'
import {
  listenWebSocket,
  type Decision,
  type ListenWebSocketOptions,
  type WebSocketAddress,
  type WebSocketListener,
} from '@holdfast/transport/websocket'

import {answerRequest} from './http/answer-request.ts'
import {addressOf, findCaller, type RemoteCaller} from './http/find-caller.ts'
import {readPageFiles} from './http/page-files.ts'
import {watchDevices} from './http/watch-devices.ts'
import {readBudget, writeBudget} from './process-limits.ts'
import {serveGateway, type Gateway, type GatewayOptions} from './serve-gateway.ts'

export interface ListenGatewayOptions
  extends Omit<GatewayOptions, 'caller'>, Pick<ListenWebSocketOptions, 'tls' | 'insecure'> {
  /** The access token that clients send as `Authorization: Bearer TOKEN`. Any user of the machine can connect to loopback. */
  token: string
  /** The devices that may connect, too. */
  access: AccessStore
  /** Nobody may change anything. @default false */
  isReadOnly?: boolean
  /** The folder of a page for browsers, which is read once. @default none */
  page?: string | undefined
  /** Where a proxy serves this server. It is trusted to append the addresses of its clients to X-Forwarded-For. @default none */
  publicUrl?: URL | undefined
  /** The most clients at the same time, at least 1; others are disconnected with a message. @default 256 */
  maxClients?: number
}

export interface GatewayListener {
  /** Such as `ws://127.0.0.1:8080`. */
  readonly url: string
  /** See `WebSocketListener.renewTls`. */
  renewTls: WebSocketListener['renewTls']
  /** Accepts no more clients and closes the connections to the present ones. Hosts keep running. */
  close(message: string): Promise<void>
}

/** Why a request was refused, by the status of the answer. */
const reasons: Readonly<Record<number, string>> = {401: 'credential', 403: 'origin', 421: 'host'}

/**
 * Serves the sessions of a home over WebSocket, with one gateway per client, and lets devices pair. Rejects with a
 * `SocketError`.
 */
export async function listenGateway(
  address: WebSocketAddress,
  options: ListenGatewayOptions,
): Promise<GatewayListener> {
  const {token, access, isReadOnly = false, page, tls, insecure, publicUrl, maxClients = defaultMaxClients} = options
  const {home, hostCommand, hostEnvironment, version, breadcrumbs, fleet} = options
  if (!(maxClients >= 1)) throw new RangeError(`Expected \`maxClients\` to be at least 1, got \`${maxClients}\``)
  const gateways = new Set<Gateway>()
  const callerOptions = {access, token, isReadOnly, isTls: tls !== undefined, publicUrl}
  const recordFault = (error: Error) => breadcrumbs.record('access-failed', {message: error.message})
  const devices = watchDevices(access, recordFault)
  const answerOptions = {
    ...callerOptions,
    breadcrumbs,
    limit: createAttemptLimit(),
    page: page === undefined ? undefined : readPageFiles(page),
    onRevoked: devices.check,
  }

  const authorize = (request: Parameters<typeof findCaller>[0]): Decision<RemoteCaller> => {
    try {
      const caller = findCaller(request, callerOptions)
      if (caller === undefined) return {status: 401}
      // Browsers send it with every WebSocket, so it is a page of this server.
      if (caller.device !== undefined && request.headers.origin === undefined) return {status: 403}
      if (caller.device !== undefined) noteSeen(caller.device.id)
      return {caller}
    } catch (error) {
      recordFault(error as Error)
      return {status: 503}
    }
  }

  /** A device may connect although that cannot be noted, such as on a full disk. */
  const noteSeen = (deviceId: number) => {
    try {
      access.markSeen(deviceId)
    } catch (error) {
      recordFault(error as Error)
    }
  }

  const serve = (transport: Transport, {name, isReadOnly: isReader, device}: RemoteCaller) => {
    if (gateways.size >= maxClients) {
      const message = `too many clients: the limit is ${maxClients}`
      transport.write(refusal(message))
      return void transport.close(message)
    }
    const caller = {name, isReadOnly: isReader}
    const gateway = serveGateway(transport, {home, hostCommand, hostEnvironment, version, breadcrumbs, fleet, caller})
    gateways.add(gateway)
    breadcrumbs.record('client-connected', {client: name, read_only: isReader, clients: gateways.size})
    const forget = device && devices.add(device.id, (reason) => void gateway.close(reason))
    void gateway.closed.then(({by, message, errno}) => {
      forget?.()
      gateways.delete(gateway)
      breadcrumbs.record('client-disconnected', {client: name, clients: gateways.size, by, reason: message, errno})
    })
  }

  const listener = await listenWebSocket<RemoteCaller>(address, serve, {
    authorize,
    handleRequest: (request, response) => answerRequest(request, response, answerOptions),
    tls,
    insecure,
    publicUrl,
    maxQueuedBytes: maxPeerQueueBytes,
    readBudget,
    writeBudget,
    onRefused: (status, request) =>
      breadcrumbs.record('client-refused', {
        reason: reasons[status],
        status,
        address: addressOf(request, publicUrl !== undefined),
      }),
    onFault: (error) => breadcrumbs.record('accept-failed', {errno: (error as NodeJS.ErrnoException).code}),
  })
  return {
    url: listener.url,
    renewTls: listener.renewTls,
    async close(message) {
      await listener.close()
      await Promise.all([...gateways].map((gateway) => gateway.close(message)))
    },
  }
}
