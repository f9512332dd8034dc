import {runGateway} from '@holdfast/gateway'

import {beginProcess} from '../../process/begin-process.ts'
import {findHome} from '../../process/find-home.ts'
import {ownCommand} from '../../process/own-command.ts'
import {version} from '../../process/version.ts'

/** Runs this process as the gateway of its parent. */
export function runGatewayProcess(): void {
  const breadcrumbs = beginProcess('gateway')
  runGateway({home: findHome(), hostCommand: ownCommand('host'), version, breadcrumbs})
}
