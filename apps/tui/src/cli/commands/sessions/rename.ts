import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Renames a session. */
export async function renameSession(id: string, title: string, gateway: GatewayChoice): Promise<Answer> {
  expectSessionId(id)
  return {result: await withClient(gateway, (client) => client.request('session.title', {session_id: id, title}))}
}
