import {createClient, type Client} from '@holdfast/client'

import {beginProcess} from '../begin-process.ts'
import {complain} from '../complain.ts'
import {findHome} from '../surroundings.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {createLineReporter} from './line-reporter.ts'
import {routeFor} from './route-for.ts'
import {toUserError} from './to-user-error.ts'

/** Does one thing with a client. */
export async function withClient<Value>(
  choice: GatewayChoice,
  use: (client: Client) => Promise<Value>,
): Promise<Value> {
  const home = findHome()
  const client = createClient({
    gateway: await routeFor(choice, {home, breadcrumbs: beginProcess('command')}),
    ...(choice.connect === undefined ? {} : {onStatus: createLineReporter(complain)}),
  })
  try {
    return await use(client)
  } catch (error) {
    throw toUserError(error, client)
  } finally {
    await client.close()
  }
}
