import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Sends a signal to the program that runs in a session. */
export async function signalProgram(id: string, signal: string, gateway: GatewayChoice): Promise<Answer> {
  expectSessionId(id)
  return {result: await withClient(gateway, (client) => client.request('session.signal', {session_id: id, signal}))}
}
