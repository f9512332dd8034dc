import {setTimeout as delay} from 'node:timers/promises'

import type {ClientSession} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

import {UserError} from '../../process/user-error.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

export interface SendOptions {
  /** The prompt whose program it is for. @default the one that runs */
  prompt?: string
  /** Whether Enter is pressed behind the words. */
  enter: boolean
  gateway: GatewayChoice
}

/** What a keyboard sends for it. */
const ENTER = '\r'
/** What is sent at once, bytes. */
const maxPieceBytes = 16_384
/** How long to wait for a program that has not begun, or has not read what it has, ms. */
const tryAgainMs = 50

/** Types words, or else all that stdin says, as they are, for the program that runs in a session. */
export async function sendInput(id: string, words: readonly string[], options: SendOptions): Promise<void> {
  expectSessionId(id)
  await withClient(options.gateway, async (client) => {
    const session = await client.openSession(id, {afterSeq: -1})
    const promptId = options.prompt ?? session.state.running?.prompt_id
    if (promptId === undefined) throw new UserError(`nothing runs in session ${id} that could take it`)
    const all = words.length === 0 ? process.stdin : [Buffer.from(words.join(' ') + (options.enter ? ENTER : ''))]
    for await (const data of all as AsyncIterable<Buffer>) {
      for (let at = 0; at < data.length; at += maxPieceBytes) {
        await sendPiece(session, promptId, data.subarray(at, at + maxPieceBytes))
      }
    }
    await session.leave()
  })
}

/** A piece that was refused has reached nobody, so that it may be sent again. */
async function sendPiece(session: ClientSession, promptId: string, data: Uint8Array): Promise<void> {
  for (;;) {
    try {
      return await session.input(data, {promptId})
    } catch (error) {
      const {code} = error as {code?: unknown}
      if (code !== errorCodes.notAllowed && code !== errorCodes.tooLarge) throw error
      const {running, queue} = session.state
      const isToCome = queue.some((prompt) => prompt.prompt_id === promptId)
      if (running?.prompt_id !== promptId && !isToCome) {
        throw new UserError(`prompt ${promptId} does not run in session ${session.id}`)
      }
    }
    await delay(tryAgainMs)
  }
}
