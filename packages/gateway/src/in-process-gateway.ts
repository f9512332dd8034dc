import {createMemoryPair, type Transport} from '@holdfast/rpc'

import {serveGateway, type GatewayOptions} from './serve-gateway.ts'

/** Runs a gateway in this process and returns the client's end of a connection to it. The gateway ends with the connection. */
export function openInProcessGateway(options: GatewayOptions): Transport {
  const [near, far] = createMemoryPair()
  serveGateway(far, options)
  return near
}
