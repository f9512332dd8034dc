import {printLines} from '../../process/standard-output.ts'
import {newSession, type NewSessionChoice} from '../../sessions/choose-session.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {withClient} from '../../sessions/with-client.ts'

/** Creates a session, and prints its id. */
export async function createNewSession(choice: NewSessionChoice, gateway: GatewayChoice): Promise<void> {
  const id = await withClient(gateway, async (client) => await client.createSession(newSession(gateway, choice)))
  await printLines([id])
}
