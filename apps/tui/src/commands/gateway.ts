import {runGateway} from '@holdfast/gateway'

import {breadcrumbsOf, findHome, ownCommand} from '../surroundings.ts'
import {version} from '../version.ts'

/** This process is the gateway of the one who started it. */
export function runGatewayProcess(): void {
  const home = findHome()
  runGateway({home, hostCommand: ownCommand('host'), version, breadcrumbs: breadcrumbsOf(home, 'gateway')})
}
