import type {Client} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

import {UserError} from '../../../process/user-error.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Deletes closed or stopped sessions. */
export async function deleteSessions(ids: readonly string[], gateway: GatewayChoice): Promise<Answer> {
  ids.forEach(expectSessionId)
  const deleteAll = async (client: Client) => {
    for (const id of ids) {
      await client.request('session.delete', {session_id: id}).catch((error: unknown) => {
        if ((error as {code?: unknown}).code !== errorCodes.notAllowed) throw error
        const how = `\`${invocationFor(gateway, 'close', id)}\` first`
        throw new UserError(`session ${id} is open: ${how}`, {code: 'not_allowed', cause: error})
      })
    }
  }
  await withClient(gateway, deleteAll, {deletes: true})
  return {result: {deleted: ids}}
}
