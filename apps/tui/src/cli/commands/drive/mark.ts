import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Marks this place in the log of a session. */
export async function markSession(id: string, name: string, gateway: GatewayChoice): Promise<Answer> {
  expectSessionId(id)
  return {result: await withClient(gateway, (client) => client.request('session.mark', {session_id: id, name}))}
}
