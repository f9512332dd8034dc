import {runGateway} from '@holdfast/gateway'

import {takeFleetSettings} from '../../fleet/fleet-settings.ts'
import {readMembership} from '../../fleet/membership.ts'
import {beginProcess} from '../../process/begin-process.ts'
import {findHome} from '../../process/find-home.ts'
import {ownCommand} from '../../process/own-command.ts'
import {version} from '../../process/version.ts'

/** Runs this process as the gateway of its parent. */
export async function runGatewayProcess(): Promise<void> {
  const settings = takeFleetSettings()
  const breadcrumbs = beginProcess('gateway')
  const home = findHome()
  const isInFleet = settings !== undefined || readMembership(home) !== undefined
  const fleet = isInFleet ? await import('../../fleet/gateway-fleet.ts') : undefined
  const routed = settings === undefined ? await fleet?.routeDeletions(home) : await fleet?.routeGateway(settings, home)
  runGateway({home, hostCommand: ownCommand('host'), version, breadcrumbs, ...routed?.options})
}
