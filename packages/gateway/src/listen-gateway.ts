import {maxClients as defaultMaxClients, maxPeerQueueBytes, refusal} from '@holdfast/protocol'
import {listenWebSocket, type WebSocketAddress} from '@holdfast/transport/websocket'

import {readBudget, writeBudget} from './process-limits.ts'
import {serveGateway, type Gateway, type GatewayOptions} from './serve-gateway.ts'

export interface ListenGatewayOptions extends GatewayOptions {
  /** The access token that clients send as `Authorization: Bearer TOKEN`. Any user of the machine can connect to loopback. */
  token: string
  /** The origins of web pages that may connect, such as `https://example.org`. @default none */
  origins?: readonly string[]
  /** The most clients at the same time, at least 1; others are disconnected with a message. @default 64 */
  maxClients?: number
}

export interface GatewayListener {
  /** Such as `ws://127.0.0.1:8080`. */
  readonly url: string
  /** Accepts no more clients and closes the connections to the present ones. Hosts keep running. */
  close(message: string): Promise<void>
}

/**
 * Serves the sessions of a home over WebSocket, with one gateway per client. Rejects with a `SocketError`.
 */
export async function listenGateway(
  address: WebSocketAddress,
  options: ListenGatewayOptions,
): Promise<GatewayListener> {
  const {token, origins, maxClients = defaultMaxClients, breadcrumbs, ...gatewayOptions} = options
  if (!(maxClients >= 1)) throw new RangeError(`Expected \`maxClients\` to be at least 1, got \`${maxClients}\``)
  const gateways = new Set<Gateway>()

  const listener = await listenWebSocket(
    address,
    (transport) => {
      if (gateways.size >= maxClients) {
        const message = `too many clients: the limit is ${maxClients}`
        transport.write(refusal(message))
        return void transport.close(message)
      }
      const gateway = serveGateway(transport, {...gatewayOptions, breadcrumbs})
      gateways.add(gateway)
      breadcrumbs.record('client-connected', {clients: gateways.size})
      void gateway.closed.then(({by, message, errno}) => {
        gateways.delete(gateway)
        breadcrumbs.record('client-disconnected', {clients: gateways.size, by, reason: message, errno})
      })
    },
    {
      token,
      origins,
      maxQueuedBytes: maxPeerQueueBytes,
      readBudget,
      writeBudget,
      onFault: (error) => breadcrumbs.record('accept-failed', {errno: (error as NodeJS.ErrnoException).code}),
    },
  )
  return {
    url: listener.url,
    async close(message) {
      await listener.close()
      await Promise.all([...gateways].map((gateway) => gateway.close(message)))
    },
  }
}
