import {createClient, type Client} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {openInProcessGateway} from '@holdfast/gateway'

import {beginProcess} from '../begin-process.ts'
import {findHome, gatewayCommand, ownCommand} from '../surroundings.ts'
import {version} from '../version.ts'
import {toUserError} from './to-user-error.ts'

/** Does one thing with a client, whose gateway runs in this process unless another program was named for it. */
export async function withClient<Value>(use: (client: Client) => Promise<Value>): Promise<Value> {
  const home = findHome()
  const breadcrumbs = beginProcess('command')
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
