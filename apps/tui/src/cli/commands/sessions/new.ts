import {newSession, type NewSessionChoice} from '../../../sessions/choose-session.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Creates a session, and prints its id. */
export async function createNewSession(choice: NewSessionChoice, gateway: GatewayChoice): Promise<Answer> {
  const id = await withClient(gateway, async (client) => await client.createSession(newSession(gateway, choice)))
  return {result: {session_id: id}, lines: [id]}
}
