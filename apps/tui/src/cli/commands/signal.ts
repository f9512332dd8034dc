import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

/** Sends a signal to the program that runs in a session. */
export async function signalProgram(id: string, signal: string, gateway: GatewayChoice): Promise<void> {
  expectSessionId(id)
  await withClient(gateway, async (client) => {
    await client.request('session.signal', {session_id: id, signal})
  })
}
