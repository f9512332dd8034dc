import {createMemoryPair, type Transport} from '@holdfast/rpc'

import {serveGateway, type GatewayOptions} from './serve-gateway.ts'

/** Runs a gateway in this process and gives the client's end of the line to it. It ends with that line. */
export function openInProcessGateway(options: GatewayOptions): Transport {
  const [near, far] = createMemoryPair()
  serveGateway(far, options)
  return near
}
