import {withClient} from '../../sessions/with-client.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'

export interface KeysOptions {
  /** Press them in the program of this prompt. @default the running one */
  prompt?: string
  gateway: GatewayChoice
}

/** Presses keys in the program that runs in a session. */
export async function pressKeys(id: string, keys: readonly string[], {prompt, gateway}: KeysOptions): Promise<void> {
  expectSessionId(id)
  await withClient(gateway, async (client) => {
    await client.request('session.keys', {
      session_id: id,
      keys: [...keys],
      ...(prompt !== undefined && {prompt_id: prompt}),
    })
  })
}
