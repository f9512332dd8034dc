import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {startChild} from '@holdfast/supervisor'
import {createChildTransport} from '@holdfast/transport/stdio'

import type {GatewayRoute} from './gateway-route.ts'

export interface LocalGatewayOptions {
  /** The program that is started as gateway, and its arguments. It speaks the protocol on its stdin and stdout. */
  command: readonly [string, ...string[]]
  breadcrumbs?: Breadcrumbs
  /** Laid over this process's environment; `undefined` removes. */
  env?: Readonly<Record<string, string | undefined>>
}

/** Leads to a gateway that is started as child of this process, and ends when its line does. */
export function localGateway(options: LocalGatewayOptions): GatewayRoute {
  const {command, breadcrumbs, env} = options
  const [program, ...args] = command
  return {
    async connect(generation, signal) {
      const child = startChild({
        name: 'gateway',
        command: program,
        args,
        generation,
        ...(env === undefined ? {} : {env}),
        ...(breadcrumbs === undefined ? {} : {breadcrumbs}),
      })
      const transport = createChildTransport(child)
      // However the line ends, the child does: one that closed its stdout but lives would keep the sessions' watchers.
      void transport.closed.then((reason) => child.stop(reason.message))
      signal.addEventListener('abort', () => void child.stop('the start was given up'), {once: true})
      return transport
    },
  }
}
