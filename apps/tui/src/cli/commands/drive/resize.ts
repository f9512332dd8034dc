import type {TerminalSize} from '@holdfast/terminal'

import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

/** Sets the size of a session's terminal. */
export async function resizeSession(id: string, size: TerminalSize, gateway: GatewayChoice): Promise<Answer> {
  expectSessionId(id)
  return {result: await withClient(gateway, (client) => client.request('session.resize', {session_id: id, ...size}))}
}
