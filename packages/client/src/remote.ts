import {isSocketError} from '@holdfast/transport/socket'
import {connectWebSocket} from '@holdfast/transport/websocket'

import type {GatewayConnector} from './gateway-connector.ts'
import {planLostConnection} from './plan-lost-connection.ts'

export interface RemoteGatewayOptions {
  /** Address of the gateway, `ws://…` or `wss://…`, without credentials. */
  url: string | URL
  /** Access token, sent in the Authorization header. @default none */
  token?: string | undefined
}

/**
 * Connects to a gateway over WebSocket. The first connection must succeed. After that, a lost connection is opened again after
 * 1, 2, 4 … 30 s, shortened by up to half at random, without limit, unless the gateway rejects the token.
 */
export function remoteGateway({url, token}: RemoteGatewayOptions): GatewayConnector {
  let hasConnected = false
  return {
    async connect(_generation, signal) {
      const transport = await connectWebSocket(url, {signal, token})
      hasConnected = true
      return transport
    },
    plan: planLostConnection,
    isStartable: (error) => hasConnected && !(isSocketError(error) && error.code === 'refused'),
  }
}
