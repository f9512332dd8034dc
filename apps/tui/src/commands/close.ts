import type {GatewayChoice} from './gateway-choice.ts'
import {expectSessionId} from './session-id.ts'
import {withClient} from './with-client.ts'

/** Ends sessions; none named means all that are open. */
export async function closeSessions(ids: readonly string[], gateway: GatewayChoice): Promise<void> {
  ids.forEach(expectSessionId)
  await withClient(gateway, async (client) => {
    const chosen = ids.length > 0 ? ids : await openSessions()
    for (const id of chosen) await client.request('session.close', {session_id: id})

    async function openSessions(): Promise<string[]> {
      const {sessions} = await client.request('session.list', {})
      return sessions.filter(({state}) => state !== 'closed' && state !== 'unreadable').map(({id}) => id)
    }
  })
}
