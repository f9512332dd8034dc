import {planReconnect} from '@holdfast/recovery'
import {SocketError} from '@holdfast/transport/socket'
import {connectWebSocket} from '@holdfast/transport/websocket'

import type {GatewayConnector} from './gateway-connector.ts'

export interface RemoteGatewayOptions {
  /** Where it listens, `ws://…` or `wss://…`, without credentials. */
  url: string | URL
  /** Sent in the Authorization header. @default none */
  token?: string
}

/**
 * Leads to a gateway that listens somewhere, over a WebSocket. The first connection must succeed; a line that was lost
 * later is made again after 1, 2, 4 … 30 s for as long as it takes. Who is refused does not try again.
 */
export function remoteGateway({url, token}: RemoteGatewayOptions): GatewayConnector {
  let wasReached = false
  return {
    async connect(_generation, signal) {
      const transport = await connectWebSocket(url, {signal, ...(token === undefined ? {} : {token})})
      wasReached = true
      return transport
    },
    plan: planReconnect,
    isStartable: (error) => wasReached && !(error instanceof SocketError && error.code === 'refused'),
  }
}
