import {createClient, type Client} from '@holdfast/client'

import {beginProcess} from '../process/begin-process.ts'
import {printError} from '../process/print-error.ts'
import {findHome} from '../process/find-home.ts'
import {UserError} from '../process/user-error.ts'
import {version} from '../process/version.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {createConnectionReporter} from './connection-reporter.ts'
import {gatewayConnector, type GatewayConnectorOptions} from './gateway-connector.ts'
import {failureOf, toUserError} from './to-user-error.ts'

export interface WithClientOptions extends Pick<GatewayConnectorOptions, 'deletes'> {
  /** Called where a list or a search has only what this machine has, as the fleet cannot be asked. @default prints the problem */
  onIncomplete?: (problem: UserError) => void
}

/** Runs `use` with a client of the chosen gateway, and turns its errors into `UserError`s. */
export async function withClient<Value>(
  choice: GatewayChoice,
  use: (client: Client) => Promise<Value>,
  {deletes = false, onIncomplete = ({message}) => printError(message)}: WithClientOptions = {},
): Promise<Value> {
  const home = findHome()
  const client = createClient({
    gateway: await gatewayConnector(choice, {home, breadcrumbs: beginProcess('command'), deletes}),
    program: {name: 'command', version},
    onWarning(message, code) {
      if (code === undefined) printError(message)
      else onIncomplete(new UserError(message, {code: failureOf(code)}))
    },
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
