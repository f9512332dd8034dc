import {isRpcError, type ClientSession} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

/**
 * What became of a line. `why`: for the user. `isSecret`: the text is to be forgotten; else it is kept in the composer.
 * `mayHaveArrived`: nobody knows, so that the same text must have the same id when it is sent again.
 */
export type Sent =
  {kind: 'sent'; why?: string} | {kind: 'refused'; why: string; isSecret: boolean; mayHaveArrived?: boolean}

type Refused = Sent & {kind: 'refused'}

export interface PromptToSend {
  /** A text that is sent again has the same: it runs once. */
  promptId: string
  text: string
  /** The condition under which the text is no secret. */
  hiddenAt: number | undefined
  /** The page shows that nothing reads: the host refuses the prompt where a program does. */
  readsNothing: boolean
  /** It runs next, and the answer that the agent gives meanwhile is stopped. */
  isNow: boolean
}

/** Submits a prompt. Never rejects. */
export async function sendPrompt(session: ClientSession, prompt: PromptToSend): Promise<Sent> {
  const {promptId} = prompt
  const before = session.state.running?.prompt_id
  try {
    await session.submit(prompt.text, {
      promptId,
      holdOnFailure: true,
      hiddenAt: prompt.hiddenAt ?? session.hiddenAt,
      ...(prompt.readsNothing && {ifInput: 'none'}),
    })
  } catch (error) {
    return {...refusalOf(error), mayHaveArrived: !isRpcError(error)}
  }
  try {
    if (prompt.isNow && before !== undefined && (await session.promote(promptId)))
      await session.interrupt({promptId: before})
    return {kind: 'sent'}
  } catch {
    return {kind: 'sent', why: 'The prompt is queued, but the running one may not have been stopped'}
  }
}

export interface LineToType {
  text: string
  isSecret: boolean
  /** The prompt that ran when the user sent the line: it is for no other program. `undefined`: none ran any more. */
  promptId: string | undefined
}

/** Types a line for a running program. Never rejects. */
export async function sendInput(session: ClientSession, {text, isSecret, promptId}: LineToType): Promise<Sent> {
  const data = new TextEncoder().encode(`${text.replaceAll('\n', '\r')}\r`)
  try {
    if (promptId === undefined) return refused('The program has ended: nothing was sent', isSecret)
    const obstacle = await session.inputWhen(isSecret ? 'hidden' : 'reads', data, {promptId})
    if (obstacle === undefined) return {kind: 'sent'}
    if (isSecret) return refused('The program no longer reads a hidden line: nothing was sent', true)
    if (obstacle === 'not-reading') return refused('The program reads nothing now: nothing was sent', false)
    if (obstacle === 'not-running') return refused('The program has ended: nothing was sent', false)
    await session.input(data, {promptId})
    return {kind: 'sent'}
  } catch (error) {
    if (isRpcError(error) && session.state.running?.prompt_id !== promptId)
      return refused('The program has ended: nothing was sent', isSecret)
    return {...refusalOf(error), isSecret}
  }
}

function refusalOf(error: unknown): Refused {
  const code = isRpcError(error) ? error.code : undefined
  if (code === errorCodes.maybeSecret)
    return refused('The program hides what you type: your text was discarded, not queued. Type it again', true)
  if (code === errorCodes.inputChanged)
    return refused('The program has begun to read: this was not queued. Send it again to queue it', false)
  return refused(error instanceof Error ? error.message : String(error), false)
}

function refused(why: string, isSecret: boolean): Refused {
  return {kind: 'refused', why, isSecret}
}
