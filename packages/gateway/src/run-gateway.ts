import {createMemoryMonitor, handleShutdown} from '@holdfast/supervisor'
import {createProcessTransport} from '@holdfast/transport/stdio'

import {serveGateway, type GatewayOptions} from './serve-gateway.ts'

/** Runs a gateway in this process, for the client at the other end of stdin and stdout, and ends with it. */
export function runGateway(options: GatewayOptions): void {
  const {breadcrumbs} = options
  const transport = createProcessTransport()
  const gateway = serveGateway(transport, options)
  const shutdown = handleShutdown({breadcrumbs, onShutdown: () => gateway.close('the gateway was told to end')})
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  breadcrumbs.record('ready')
  // At once, and not only when the lines to hosts are closed: from here on a deadline runs.
  void transport.closed.then(({by, errno, message}) => {
    breadcrumbs.record('connection-lost', {peer: 'client', by, errno})
    shutdown.begin({kind: 'requested', by: 'parent', reason: message})
  })
}
