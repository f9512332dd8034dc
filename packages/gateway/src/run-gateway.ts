import {closeInheritedDescriptors, createMemoryMonitor, handleShutdown, refuseDebugger} from '@holdfast/supervisor'
import {createProcessTransport} from '@holdfast/transport/stdio'

import {serveGateway, type GatewayOptions} from './serve-gateway.ts'

/** Runs a gateway in this process for the client at stdin and stdout. The process ends when the client does. */
export function runGateway(options: GatewayOptions): void {
  closeInheritedDescriptors()
  refuseDebugger()
  const {breadcrumbs} = options
  const transport = createProcessTransport()
  const gateway = serveGateway(transport, options)
  const shutdown = handleShutdown({
    breadcrumbs,
    onShutdown: () => gateway.close('the gateway is shutting down'),
  })
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  breadcrumbs.record('ready')
  // Do not wait for `gateway.closed`, which closes the connections to hosts: the shutdown has a deadline for that.
  void transport.closed.then(({by, errno, message}) => {
    breadcrumbs.record('connection-lost', {peer: 'client', by, errno})
    shutdown.begin({kind: 'requested', by: 'parent', reason: message})
  })
}
