import {printError} from '../../process/print-error.ts'
import {UserError} from '../../process/user-error.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {toUserError} from '../../sessions/to-user-error.ts'
import {withClient} from '../../sessions/with-client.ts'

/** Ends sessions; without ids, all open ones. Reports those that cannot be ended and goes on with the others. */
export async function closeSessions(ids: readonly string[], gateway: GatewayChoice): Promise<void> {
  ids.forEach(expectSessionId)
  await withClient(gateway, async (client) => {
    const chosen = ids.length > 0 ? ids : await openSessions()
    for (const id of chosen) {
      try {
        await client.request('session.close', {session_id: id})
      } catch (error) {
        // Go on with the other sessions, unless the gateway is gone.
        const known = toUserError(error, client, gateway)
        if (client.status.kind !== 'live' || !(known instanceof UserError)) throw error
        printError(known.message)
        process.exitCode = 1
      }
    }

    async function openSessions(): Promise<string[]> {
      const sessions = await client.listSessions()
      return sessions.filter(({state}) => state !== 'closed' && state !== 'unreadable').map(({id}) => id)
    }
  })
}
