import type {Result} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import type {SummaryEvent, SummarySender} from '../stored-sessions/summary-sender.ts'
import type {LocalMethods} from './gateway-fleet.ts'
import {createLiveOwners} from './live-owners.ts'
import type {RouteContext} from './route-context.ts'

/** Tells one client about the sessions of all machines. */
export interface RoutedWatch {
  /** What this home reports goes through it. */
  sender: SummarySender
  start(
    own: LocalMethods,
    list: (ownPage: Promise<Result<'session.list'>>) => Promise<Result<'session.list'>>,
    handler: HandlerContext,
  ): Promise<Result<'session.list'>>
  stop(): void
}

export function routeWatch({local, watch, me}: RouteContext): RoutedWatch {
  let owners = createLiveOwners()
  let unsubscribe: (() => void) | undefined

  const tell = (machine: string, event: SummaryEvent) => {
    if (owners.take(machine, event)) local.sender.report(event)
  }
  const stop = () => {
    unsubscribe?.()
    unsubscribe = undefined
  }
  return {
    sender: {
      clear: () => local.sender.clear(),
      report(event) {
        const named = me !== undefined && event.type === 'session.changed'
        tell(me ?? '', named ? {...event, payload: {...event.payload, machine: me}} : event)
      },
    },
    async start(own, list, handler) {
      stop()
      owners = createLiveOwners()
      const mine = (unsubscribe = watch.subscribe(tell))
      const ownPage = Promise.resolve(own['sessions.watch']({}, handler))
      // It is awaited only later: until then, a failure must not end the process.
      ownPage.catch(() => {})
      await watch.ready()
      const page = await list(ownPage)
      if (unsubscribe === mine) owners.set(page.sessions)
      return page
    },
    stop,
  }
}
