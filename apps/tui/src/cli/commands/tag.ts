import {printLines} from '../../process/standard-output.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

export interface TagOptions {
  add: readonly string[]
  remove: readonly string[]
  gateway: GatewayChoice
}

/** Changes the tags of a session, and prints those that it has then, one a line. */
export async function tagSession(id: string, {add, remove, gateway}: TagOptions): Promise<void> {
  expectSessionId(id)
  const tags = await withClient(gateway, async (client) => {
    const changes = {session_id: id, add: [...add], remove: [...remove]}
    return (await client.request('session.tag', changes)).tags
  })
  await printLines(tags)
}
