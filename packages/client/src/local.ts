import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {graces, startChild, watchHeartbeat, type Child} from '@holdfast/supervisor'
import {createChildTransport} from '@holdfast/transport/stdio'

import type {GatewayConnector} from './gateway-connector.ts'

export interface LocalGatewayOptions {
  /** The gateway program and its arguments. It must speak the protocol on stdin and stdout. */
  command: readonly [string, ...string[]]
  /** Records the start and the exit of each gateway. @default nothing is recorded */
  breadcrumbs?: Breadcrumbs | undefined
  /** Changes to the environment of this process; `undefined` removes a variable. */
  env?: Readonly<Record<string, string | undefined>>
}

const stopOptions = graces.client.stop

/** No request keeps a gateway busy for long, so one that leaves pings unanswered for the deadline hangs. */
const heartbeat = {pingMs: 5000, deadlineMs: 15_000}

/** Starts a gateway as a child of this process. The gateway exits when its connection ends, and is killed when it hangs. */
export function localGateway(options: LocalGatewayOptions): GatewayConnector {
  const {command, breadcrumbs, env} = options
  const [program, ...args] = command
  let child: Child | undefined
  return {
    async connect(generation, signal) {
      const started = startChild({
        name: 'gateway',
        command: program,
        args,
        generation,
        env,
        breadcrumbs,
      })
      child = started
      const transport = createChildTransport(started)
      // A child that closed its stdout but does not exit would stay subscribed to its sessions.
      void transport.closed.then((reason) => started.stop(reason.message, stopOptions))
      signal.addEventListener('abort', () => void started.stop('the start was given up', stopOptions), {once: true})
      const {close} = transport
      // The program may exit once `close` has resolved, and could then not kill a gateway that hangs.
      transport.close = async (message = 'closed by us', closeOptions) => {
        await close(message, closeOptions)
        await started.stop(message, stopOptions)
      }
      return transport
    },
    onOpen(ping) {
      if (child) watchHeartbeat(child, {name: 'gateway', ping, breadcrumbs, ...heartbeat})
    },
  }
}
