import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

/** Renames a session. */
export async function renameSession(id: string, title: string, gateway: GatewayChoice): Promise<void> {
  expectSessionId(id)
  await withClient(gateway, (client) => client.request('session.title', {session_id: id, title}))
}
