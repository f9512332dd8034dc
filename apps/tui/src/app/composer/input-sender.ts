import {isRpcError, type ClientSession} from '@holdfast/client'
import type {InputOptions, InputResult} from '@holdfast/ink-composer'
import {errorCodes, type InputCondition} from '@holdfast/protocol'

export interface InputSenderOptions {
  session: () => Pick<ClientSession, 'input' | 'inputWhen' | 'look' | 'activity'> | undefined
  /** The prompt whose program runs, as the screen shows it. */
  running: () => string | undefined
  setNotice: (notice: string) => void
  reportError: (error: unknown) => void
}

/** Types what the user sends to the program of a prompt. Never rejects. */
export type InputSender = (data: Uint8Array, promptId: string, options: InputOptions) => Promise<InputResult>

/** How long the program may take to read, ms. Meanwhile, keys wait. */
const maxMs = 1000
/** How long a request may be without an answer, ms: a gateway that was killed is there again sooner. Keys wait. */
const maxAnswerMs = 3000
/** How long the echo is on after a secret before the program is taken not to ask for another one, ms. */
const echoMs = 300
/** The first pause between two attempts, ms; each is twice as long, up to `maxPauseMs`. */
const firstPauseMs = 4
const maxPauseMs = 64

const lostSecret =
  'The connection was lost: the hidden line may have arrived. Its text and what you typed after it were discarded'

export function createInputSender({session, running, setNotice, reportError}: InputSenderOptions): InputSender {
  /** Tries until there is a result, the program has ended, or the time is over. */
  const attempt = async (promptId: string, signal: AbortSignal, work: () => Promise<InputResult | undefined>) => {
    const deadline = performance.now() + maxMs
    for (let ms = firstPauseMs; !signal.aborted; ms = Math.min(2 * ms, maxPauseMs)) {
      if (running() !== promptId) return 'ended'
      const result = await answered(work())
      if (result !== undefined) return result
      if (performance.now() > deadline) return 'late'
      await new Promise((resolve) => setTimeout(resolve, ms))
    }
    return 'late'
  }
  const typeWhen = async (when: InputCondition, data: Uint8Array, promptId: string) => {
    try {
      const obstacle = await session()?.inputWhen(when, data, {promptId})
      if (obstacle === undefined) return 'sent'
      if (obstacle === 'not-reading' || obstacle === 'not-running') return undefined
      if (when === 'key') return 'changed'
      return when === 'reads' ? await type(data, promptId) : 'late'
    } catch (error) {
      // The end of the program is on its way to the screen.
      if (isRpcError(error) && error.code === errorCodes.notAllowed) return undefined
      throw error
    }
  }
  const type = async (data: Uint8Array, promptId: string) => {
    await session()?.input(data, {promptId})
    return 'sent' as const
  }
  /** When the program began to read. */
  const reading = () => {
    const {activity} = session() ?? {}
    return activity?.state === 'waiting-for-input' ? activity.since : undefined
  }
  /** Waits until the program asks for another secret, or is known not to: what is typed next is hidden only in the first case. */
  const awaitNextSecret = async (promptId: string, signal: AbortSignal) => {
    const before = reading()
    let echoSince: number | undefined
    await attempt(promptId, signal, async () => {
      const input = await session()
        ?.look()
        .catch(() => undefined)
      if (input === 'hidden') {
        echoSince = undefined
        return (reading() ?? before) === before ? undefined : 'sent'
      }
      // Between two questions, programs turn the echo on.
      echoSince ??= performance.now()
      return performance.now() - echoSince < echoMs ? undefined : 'sent'
    })
  }

  return async (data, promptId, {isHidden, isAnswer, isKey, signal}) => {
    try {
      if (!isHidden && !isAnswer && !isKey) return await answered(type(data, promptId))
      const when = isHidden ? 'hidden' : isKey ? 'key' : 'reads'
      const result = await attempt(promptId, signal, () => typeWhen(when, data, promptId))
      if (!isHidden || signal.aborted) return result
      if (result === 'sent') await awaitNextSecret(promptId, signal)
      else if (result === 'unknown') setNotice(lostSecret)
      else setNotice('The program no longer reads a hidden line: nothing was sent')
      return result
    } catch (error) {
      if (isRpcError(error) && error.code === errorCodes.notAllowed) return 'ended'
      reportError(error)
      // An answer says that nothing was typed; where the host was lost, nobody knows.
      if (isRpcError(error) && error.code !== errorCodes.hostUnavailable) return 'late'
      if (isHidden) setNotice(lostSecret)
      return 'unknown'
    }
  }
}

/** The result, or `unknown` where it takes too long. */
async function answered<Result>(work: Promise<Result>): Promise<Result | 'unknown'> {
  const {promise, resolve} = Promise.withResolvers<'unknown'>()
  const timer = setTimeout(() => resolve('unknown'), maxAnswerMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
