import {createClient, deathOf, type Client} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {openInProcessGateway} from '@holdfast/gateway'

import {breadcrumbsOf, findHome, gatewayCommand, ownCommand} from '../surroundings.ts'
import {UserError} from '../user-error.ts'
import {version} from '../version.ts'

/** Does one thing with a client, whose gateway runs in this process unless another program was named for it. */
export async function withClient<Value>(use: (client: Client) => Promise<Value>): Promise<Value> {
  const home = findHome()
  const breadcrumbs = breadcrumbsOf(home, 'command')
  const client = createClient({
    connect: process.env['HOLDFAST_GATEWAY']
      ? localGateway({command: gatewayCommand(), breadcrumbs})
      : () => Promise.resolve(openInProcessGateway({home, hostCommand: ownCommand('host'), version, breadcrumbs})),
  })
  try {
    return await use(client)
  } catch (error) {
    throw toUserError(error, client)
  } finally {
    await client.close()
  }
}

export function toUserError(error: unknown, client: Client): unknown {
  if (error instanceof UserError) return error
  const {status} = client
  if (status.kind === 'gave-up') return new UserError(`no gateway: ${deathOf(status)}`, {cause: error})
  // What a gateway answers is a sentence for people; any other error is a fault of ours, and is shown whole.
  return isAnswer(error) ? new UserError(error.message, {cause: error}) : error
}

function isAnswer(error: unknown): error is Error {
  return error instanceof Error && typeof (error as {code?: unknown}).code === 'number'
}
