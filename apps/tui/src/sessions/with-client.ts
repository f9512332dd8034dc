import {createClient, type Client} from '@holdfast/client'

import {beginProcess} from '../process/begin-process.ts'
import {printError} from '../process/print-error.ts'
import {findHome} from '../process/find-home.ts'
import {version} from '../process/version.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {createConnectionReporter} from './connection-reporter.ts'
import {gatewayConnector, type GatewayConnectorOptions} from './gateway-connector.ts'
import {toUserError} from './to-user-error.ts'

/** Runs `use` with a client of the chosen gateway, and turns its errors into `UserError`s. */
export async function withClient<Value>(
  choice: GatewayChoice,
  use: (client: Client) => Promise<Value>,
  {deletes = false}: Pick<GatewayConnectorOptions, 'deletes'> = {},
): Promise<Value> {
  const home = findHome()
  const client = createClient({
    gateway: await gatewayConnector(choice, {home, breadcrumbs: beginProcess('command'), deletes}),
    program: {name: 'command', version},
    onWarning: printError,
    onStatus: choice.connect === undefined ? undefined : createConnectionReporter(printError),
  })
  try {
    return await use(client)
  } catch (error) {
    throw toUserError(error, client, choice)
  } finally {
    await client.close()
  }
}
