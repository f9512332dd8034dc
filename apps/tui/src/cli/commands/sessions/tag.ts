import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

export interface TagOptions {
  add: readonly string[]
  remove: readonly string[]
  gateway: GatewayChoice
}

/** Changes the tags of a session, and prints those that it has then, one a line. */
export async function tagSession(id: string, {add, remove, gateway}: TagOptions): Promise<Answer> {
  expectSessionId(id)
  const changes = {session_id: id, add: [...add], remove: [...remove]}
  const result = await withClient(gateway, (client) => client.request('session.tag', changes))
  return {result, lines: result.tags}
}
