import {runGateway} from '@holdfast/gateway'

import {beginProcess} from '../begin-process.ts'
import {findHome, ownCommand} from '../surroundings.ts'
import {version} from '../version.ts'

/** This process is the gateway of the one who started it. */
export function runGatewayProcess(): void {
  const breadcrumbs = beginProcess('gateway')
  runGateway({home: findHome(), hostCommand: ownCommand('host'), version, breadcrumbs})
}
