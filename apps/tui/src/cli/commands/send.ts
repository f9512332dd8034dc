import {setTimeout as delay} from 'node:timers/promises'

import type {ClientSession} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

import {UserError} from '../../process/user-error.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

export interface SendOptions {
  /** Send to the program of this prompt. @default the running one */
  prompt?: string
  /** Press Enter after the words. */
  enter: boolean
  gateway: GatewayChoice
}

/** The Enter key. */
const enter = '\r'
/** Bytes per request. */
const maxPieceBytes = 16_384
/** The delay before a retry, if the program has not started or its input buffer is full, ms. */
const retryMs = 50

/** Types words, or stdin unchanged, into the program that runs in a session. */
export async function sendInput(id: string, words: readonly string[], options: SendOptions): Promise<void> {
  expectSessionId(id)
  await withClient(options.gateway, async (client) => {
    const session = await client.openSession(id)
    const promptId = options.prompt ?? session.state.running?.prompt_id
    if (promptId === undefined) throw new UserError(`no program runs in session ${id} that could read input`)
    const all = words.length === 0 ? process.stdin : [Buffer.from(words.join(' ') + (options.enter ? enter : ''))]
    for await (const data of all as AsyncIterable<Buffer>) {
      for (let at = 0; at < data.length; at += maxPieceBytes) {
        await sendPiece(session, promptId, data.subarray(at, at + maxPieceBytes))
      }
    }
    await session.leave()
  })
}

/** A refused piece did not reach the program, so it is safe to send it again. */
async function sendPiece(session: ClientSession, promptId: string, data: Uint8Array): Promise<void> {
  for (;;) {
    try {
      return await session.input(data, {promptId})
    } catch (error) {
      const {code} = error as {code?: unknown}
      if (code !== errorCodes.notAllowed && code !== errorCodes.tooLarge) throw error
      const {running, queue} = session.state
      const isQueued = queue.some((prompt) => prompt.prompt_id === promptId)
      if (running?.prompt_id !== promptId && !isQueued) {
        throw new UserError(`prompt ${promptId} does not run in session ${session.id}`)
      }
    }
    await delay(retryMs)
  }
}
