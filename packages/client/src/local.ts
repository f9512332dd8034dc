import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {startChild, watchLiveness, type Child} from '@holdfast/supervisor'
import {createChildTransport} from '@holdfast/transport/stdio'

import type {GatewayConnector} from './gateway-connector.ts'

export interface LocalGatewayOptions {
  /** The program that is started as gateway, and its arguments. It speaks the protocol on its stdin and stdout. */
  command: readonly [string, ...string[]]
  breadcrumbs?: Breadcrumbs
  /** Laid over this process's environment; `undefined` removes. */
  env?: Readonly<Record<string, string | undefined>>
}

/** Shorter than whoever closes a client may take to end, which is 1 s by default. */
const graces = {graceMs: 300, killAfterMs: 300}

/** A gateway that is silent for so long, though it is asked, is deaf: it does nothing that takes long by itself. */
const liveness = {pingMs: 5000, deadlineMs: 15_000}

/**
 * Leads to a gateway that is started as child of this process, and ends when its line does. One that is deaf is ended, and
 * so its line is.
 */
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
        ...(env === undefined ? {} : {env}),
        ...(breadcrumbs === undefined ? {} : {breadcrumbs}),
      })
      child = started
      const transport = createChildTransport(started)
      // However the line ends, the child does: one that closed its stdout but lives would keep the sessions' watchers.
      void transport.closed.then((reason) => started.stop(reason.message, graces))
      signal.addEventListener('abort', () => void started.stop('the start was given up', graces), {once: true})
      const {close} = transport
      // Whoever closes a line may end after it: then nobody would be left to end a gateway that does not heed it.
      transport.close = async (message = 'closed by us', closeOptions) => {
        await close(message, closeOptions)
        await started.stop(message, graces)
      }
      return transport
    },
    onOpen(ping) {
      if (child) watchLiveness(child, {name: 'gateway', ping, breadcrumbs, ...liveness})
    },
  }
}
