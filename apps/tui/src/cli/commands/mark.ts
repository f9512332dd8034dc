import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

/** Marks this place in the log of a session. */
export async function markSession(id: string, name: string, gateway: GatewayChoice): Promise<void> {
  expectSessionId(id)
  await withClient(gateway, async (client) => {
    await client.request('session.mark', {session_id: id, name})
  })
}
