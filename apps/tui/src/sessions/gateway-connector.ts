import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {GatewayConnector} from '@holdfast/client'

import type {FleetSettings} from '../fleet/fleet-settings.ts'
import {gatewayCommand, ownCommand} from '../process/own-command.ts'
import {version} from '../process/version.ts'
import type {GatewayChoice} from './gateway-choice.ts'

export interface GatewayConnectorOptions {
  home: string
  breadcrumbs: Breadcrumbs
  /** Start the gateway as a child process, so that the screen survives its crash. @default it runs in this process */
  asChild?: boolean
  /** Sessions are deleted: in a home that is a member of a fleet, also there. @default false */
  deletes?: boolean
}

/** Connects to the gateway at the URL, to the program that `$HOLDFAST_GATEWAY` names, or to our own gateway. */
export async function gatewayConnector(
  {connect, tokenFile, fleet}: GatewayChoice,
  {home, breadcrumbs, asChild = false, deletes = false}: GatewayConnectorOptions,
): Promise<GatewayConnector> {
  // Imported when needed, so that commands start fast.
  if (connect !== undefined) {
    const [{remoteGateway}, {tokenForOwnServe}, {readToken}] = await Promise.all([
      import('@holdfast/client/remote'),
      import('./home-token.ts'),
      import('./read-token.ts'),
    ])
    const token =
      tokenFile === undefined
        ? await tokenForOwnServe(home, connect)
        : await readToken(tokenFile, {isClient: true, canBePipe: true})
    return remoteGateway({url: connect, token})
  }
  let settings: FleetSettings | undefined
  if (fleet !== undefined) {
    const {toFleetSettings} = await import('../fleet/to-fleet-settings.ts')
    settings = await toFleetSettings(fleet)
  }
  if (asChild || process.env['HOLDFAST_GATEWAY']) {
    const {localGateway} = await import('@holdfast/client/local')
    return localGateway({command: gatewayCommand(), breadcrumbs, env: await environmentOf(settings)})
  }
  const [{openInProcessGateway}, routed] = await Promise.all([
    import('@holdfast/gateway'),
    routesOf(settings, {home, deletes}),
  ])
  const options = {home, hostCommand: ownCommand('host'), version, breadcrumbs, ...routed?.options}
  return {
    async connect() {
      const transport = openInProcessGateway(options)
      const {close} = transport
      transport.close = async (...args) => {
        await close(...args)
        await routed?.close()
      }
      return transport
    },
  }
}

async function environmentOf(settings: FleetSettings | undefined) {
  if (settings === undefined) return {}
  const {writeFleetSettings} = await import('../fleet/fleet-settings.ts')
  return writeFleetSettings(settings)
}

async function routesOf(settings: FleetSettings | undefined, {home, deletes}: {home: string; deletes: boolean}) {
  if (settings === undefined && !deletes) return undefined
  const {routeGateway, routeDeletions} = await import('../fleet/gateway-fleet.ts')
  return settings === undefined ? await routeDeletions(home) : await routeGateway(settings, home)
}
