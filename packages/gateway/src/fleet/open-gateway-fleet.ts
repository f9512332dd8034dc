import type {Fleet} from '@holdfast/fleet'
import {protocolVersion} from '@holdfast/protocol'

import {createCluster} from './cluster.ts'
import type {GatewayFleet, LocalMethods} from './gateway-fleet.ts'
import {createLogCopies} from './log-copies.ts'
import {routeCreate} from './route-create.ts'
import {routeHosts} from './route-hosts.ts'
import {routeLists} from './route-lists.ts'
import {routeLogs} from './route-logs.ts'
import {routeWatch} from './route-watch.ts'
import {watchMachines} from './watch-machines.ts'

export interface GatewayFleetOptions {
  /**
   * Connects to the cluster. It is called when that is first needed, and again after it failed: a session of this home can be
   * opened while the cluster is away.
   */
  open: () => Promise<Fleet>
  /** The name of this machine, if it is a member of the fleet. @default it is none */
  machine?: string | undefined
  /** A folder for copies of logs of sessions whose machine does not answer. They can be thrown away. */
  copies: string
  /** The version of the program, for greetings. */
  version: string
}

/** The sessions of a fleet for the gateways of this process. */
export function openGatewayFleet({open, machine: me, copies: folder, version}: GatewayFleetOptions): GatewayFleet {
  const hello = {protocol: protocolVersion, version}
  const cluster = createCluster(open, {me})
  const copies = createLogCopies({folder, cluster})
  const watch = watchMachines({cluster, me, hello})
  return {
    route(local) {
      const {home, hosts, caller} = local
      const context = {local, cluster, copies, watch, me, hello}
      const routedWatch = routeWatch(context)
      const logs = routeLogs(context)
      return {
        hosts: routeHosts({home, hosts, cluster, me, caller, hello: local.hello}),
        sender: routedWatch.sender,
        findLogs: logs.findLogs,
        methods(own: LocalMethods): LocalMethods {
          const lists = routeLists(context, own)
          return {
            ...lists.methods,
            ...logs.methods(own),
            'session.create': routeCreate(context, own),
            'sessions.watch': async (_params, handler) =>
              await routedWatch.start(own, (ownPage) => lists.list({}, handler, ownPage), handler),
            'sessions.unwatch': (params, handler) => {
              routedWatch.stop()
              return own['sessions.unwatch'](params, handler)
            },
          }
        },
        close: routedWatch.stop,
      }
    },
  }
}
