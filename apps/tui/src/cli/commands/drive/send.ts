import {setTimeout as delay} from 'node:timers/promises'

import type {ClientSession} from '@holdfast/client'
import {errorCodes, type InputCondition} from '@holdfast/protocol'

import {UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'
import {planSend} from './plan-send.ts'

export interface SendOptions {
  /** Send to the program of this prompt. @default the running one */
  prompt?: string
  /** Press Enter after the words. */
  enter: boolean
  /** Send only what the program's terminal does not show. */
  secret?: boolean
  /** How long to wait until the program reads, ms. */
  timeout: number
  gateway: GatewayChoice
}

/** The Enter key. */
const enter = '\r'
/** Ctrl-C, Ctrl-Z and Ctrl-\, on which the terminal acts, whatever the program does. */
const signalKeys = [0x03, 0x1a, 0x1c]
/** Bytes per request; also of secrets in all. */
const maxPieceBytes = 16_384
/** The delay before a retry, ms: the program does not read, or its input buffer is full. */
const retryMs = 50

/** What a piece of input goes to. */
interface Target {
  session: ClientSession
  promptId: string
  condition: InputCondition | undefined
  timeoutMs: number
}

/** Types words, or stdin unchanged, into the program that runs in a session. */
export async function sendInput(id: string, words: readonly string[], options: SendOptions): Promise<Answer> {
  const {secret: isSecret = false, timeout: timeoutMs} = options
  expectSessionId(id)
  return await withClient(options.gateway, async (client) => {
    const session = await client.openSession(id)
    const promptId = options.prompt ?? session.state.running?.prompt_id
    if (promptId === undefined)
      throw new UserError(`no program runs in session ${id} that could read input`, {code: 'not_allowed'})
    const input = words.length === 0 ? process.stdin : [Buffer.from(words.join(' ') + (options.enter ? enter : ''))]
    // The program may show what it reads after a secret: each line waits until the terminal hides it.
    const pieces = isSecret ? await readLines(input) : inPieces(input)
    let condition: InputCondition | undefined = isSecret ? 'hidden' : 'reads'
    let bytes = 0
    for await (const piece of pieces) {
      if (!isSecret && signalKeys.includes(piece[0] ?? 0)) condition = undefined
      await sendPiece(piece, {session, promptId, condition, timeoutMs})
      bytes += piece.length
      if (!isSecret) condition = undefined
    }
    await session.leave()
    return {result: {bytes}}
  })
}

/** Sends a piece again until the program gets it: a refused piece did not reach the program. */
async function sendPiece(data: Uint8Array, {session, promptId, condition, timeoutMs}: Target): Promise<void> {
  let beganAt: number | undefined
  for (;;) {
    try {
      if (condition === undefined) return await session.input(data, {promptId})
      const obstacle = await session.inputWhen(condition, data, {promptId})
      if (obstacle === undefined) return
      const now = performance.now()
      const waitedMs = now - (beganAt ??= now)
      const plan = planSend({obstacle, isSecret: condition === 'hidden', waitedMs, timeoutMs})
      if (plan.kind === 'give-up') throw new UserError(plan.message, {code: 'timed_out'})
    } catch (error) {
      const {code} = error as {code?: unknown}
      if (code !== errorCodes.notAllowed && code !== errorCodes.tooLarge) throw error
      const {running, queue} = session.state
      const isQueued = queue.some((prompt) => prompt.prompt_id === promptId)
      if (running?.prompt_id !== promptId && !isQueued) {
        throw new UserError(`prompt ${promptId} does not run in session ${session.id}`, {code: 'not_allowed'})
      }
    }
    await delay(retryMs)
  }
}

type Input = AsyncIterable<Buffer> | Iterable<Buffer>

async function* inPieces(input: Input): AsyncIterable<Buffer> {
  for await (const data of input) {
    for (let at = 0; at < data.length; at += maxPieceBytes) yield data.subarray(at, at + maxPieceBytes)
  }
}

/** The lines of the whole input, each with its end. */
async function readLines(input: Input): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = []
  for await (const data of input) {
    chunks.push(data)
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    if (length > maxPieceBytes)
      throw new UserError(`expected at most ${maxPieceBytes} bytes of secrets, got more`, {code: 'usage'})
  }
  const lines =
    Buffer.concat(chunks)
      .toString('latin1')
      .match(/[^\r\n]*(?:[\r\n]|$)/g) ?? []
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1'))
}
