import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {Transport} from '@holdfast/rpc'
import {startChild} from '@holdfast/supervisor'
import {createChildTransport} from '@holdfast/transport/stdio'

export interface LocalGatewayOptions {
  /** The program that is started as gateway, and its arguments. It speaks the protocol on its stdin and stdout. */
  command: readonly [string, ...string[]]
  breadcrumbs?: Breadcrumbs
  /** Laid over this process's environment; `undefined` removes. */
  env?: Readonly<Record<string, string | undefined>>
}

/** A `connect` for `createClient` that starts a gateway as child of this process. It ends when its line does. */
export function localGateway(
  options: LocalGatewayOptions,
): (generation: number, signal: AbortSignal) => Promise<Transport> {
  const {command, breadcrumbs, env} = options
  const [program, ...args] = command
  return async (generation, signal) => {
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
  }
}
