import type {Fleet, FleetOptions} from '@holdfast/fleet'

import {toFleetOptions, type FleetSettings} from './fleet-settings.ts'

/** The settings of a fleet that has none yet. */
export type NewFleet = Pick<FleetOptions, 'shards' | 'replicas' | 'promise'>

/**
 * Connects to the cluster. Loads the code for that, which nothing else needs. `created`: creates the fleet, if there is none; its settings are
 * for good, so only `serve` does. Throws a `FleetError`.
 */
export async function openFleetOf(settings: FleetSettings, created?: NewFleet): Promise<Fleet> {
  const {openFleet} = await import('@holdfast/fleet')
  return await openFleet(settings.servers, {...toFleetOptions(settings), create: created !== undefined, ...created})
}
