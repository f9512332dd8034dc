import {createClient, type Client} from '@holdfast/client'

import {beginProcess} from '../process/begin-process.ts'
import {complain} from '../process/complain.ts'
import {findHome} from '../process/find-home.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {createConnectionReporter} from './connection-reporter.ts'
import {routeFor} from './connect-gateway.ts'
import {toUserError} from './to-user-error.ts'

/** Does one thing with a client. */
export async function withClient<Value>(
  choice: GatewayChoice,
  use: (client: Client) => Promise<Value>,
): Promise<Value> {
  const home = findHome()
  const client = createClient({
    gateway: await routeFor(choice, {home, breadcrumbs: beginProcess('command')}),
    ...(choice.connect === undefined ? {} : {onStatus: createConnectionReporter(complain)}),
  })
  try {
    return await use(client)
  } catch (error) {
    throw toUserError(error, client)
  } finally {
    await client.close()
  }
}
