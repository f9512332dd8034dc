import type {Fleet} from '@holdfast/fleet'
import type {GatewayOptions} from '@holdfast/gateway'

import {version} from '../process/version.ts'
import {writeFleetSettings, type FleetSettings} from './fleet-settings.ts'
import {readMembership} from './membership.ts'
import {openFleetOf} from './open-fleet.ts'

export interface RoutedGateway {
  /** What a gateway needs to route to all machines of the fleet. */
  options: Pick<GatewayOptions, 'fleet' | 'fleetOfHome' | 'hostEnvironment'>
  /** Closes the connection to the cluster, which would keep this process alive. */
  close(): Promise<void>
}

/** `open`: connects to the cluster when that is first needed. */
export async function routeGateway(
  settings: FleetSettings,
  home: string,
  open: () => Promise<Fleet> = () => openFleetOf(settings),
): Promise<RoutedGateway> {
  const {openGatewayFleet} = await import('@holdfast/gateway/fleet')
  const {machine} = settings
  let opened: Promise<Fleet> | undefined
  // A gateway asks again after any fault. A second connection would keep this process alive, too.
  const openOnce = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    options: {
      fleet: openGatewayFleet({open: openOnce, machine, copies: `${home}/copies`, version}),
      // The sessions of a home that is in no fleet are not in this one, either.
      ...(machine !== undefined && {hostEnvironment: writeFleetSettings(settings)}),
    },
    async close() {
      const fleet = await opened?.catch(() => undefined)
      await fleet?.close()
    },
  }
}

/**
 * What a gateway of the sessions of this home alone needs, so that a session that is deleted here is deleted in its fleet, too: otherwise
 * its machine would read it back. `undefined` for a home that is in no fleet.
 */
export async function routeDeletions(home: string): Promise<RoutedGateway | undefined> {
  const membership = readMembership(home)
  if (membership === undefined) return undefined
  const {options, close} = await routeGateway(membership.settings, home)
  return {options: {fleetOfHome: options.fleet}, close}
}
