import {listenWebSocket, type WebSocketAddress} from '@holdfast/transport/websocket'

import {serveGateway, type Gateway, type GatewayOptions} from './serve-gateway.ts'

export interface ListenGatewayOptions extends GatewayOptions {
  /** What a client has to send in the Authorization header, after `Bearer `. Must be there beyond loopback. @default none */
  token?: string
  /** The pages that may connect, as browsers name them in the Origin header (`https://example.org`). @default none */
  origins?: readonly string[]
  /** Clients at the same time, at least 1. One more is told so and let go. @default 64 */
  maxClients?: number
}

export interface GatewayListener {
  /** Such as `ws://127.0.0.1:8080`. */
  readonly url: string
  /** Accepts no more clients and ends the lines to those that are there. The hosts run on. */
  close(message: string): Promise<void>
}

/**
 * Offers the sessions of a home over WebSocket: a gateway for each client that comes. Rejects with `SocketError`; with code
 * `token-needed` beyond loopback without a token.
 */
export async function listenGateway(
  address: WebSocketAddress,
  options: ListenGatewayOptions,
): Promise<GatewayListener> {
  const {token, origins, maxClients = 64, breadcrumbs, ...gatewayOptions} = options
  if (!(maxClients >= 1)) throw new RangeError(`Expected \`maxClients\` to be at least 1, got \`${maxClients}\``)
  const gateways = new Set<Gateway>()

  const listener = await listenWebSocket(
    address,
    (transport) => {
      if (gateways.size >= maxClients) return void transport.close(`${maxClients} clients are here already`)
      const gateway = serveGateway(transport, {...gatewayOptions, breadcrumbs})
      gateways.add(gateway)
      breadcrumbs.record('client-connected', {clients: gateways.size})
      void gateway.closed.then(({by, message, errno}) => {
        gateways.delete(gateway)
        breadcrumbs.record('client-disconnected', {clients: gateways.size, by, reason: message, errno})
      })
    },
    {
      ...(token === undefined ? {} : {token}),
      ...(origins === undefined ? {} : {origins}),
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
