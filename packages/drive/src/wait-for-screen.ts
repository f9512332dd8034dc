import {isRpcError, type Client} from '@holdfast/client'
import {errorCodes, maxSnapshotWaitMs, type ScreenSnapshot} from '@holdfast/protocol'

import {judgeScreen, screenText, type ScreenCondition} from './judge-screen.ts'

export interface WaitForScreenOptions {
  /** How long to wait at most, ms. */
  timeoutMs: number
  /**
   * The screen version that `keys` and the like have resolved to: a text, a match or a place of the cursor counts only when the program has
   * printed something after that input. @default the screen counts as it is
   */
  after?: number | undefined
  /** Gives the wait up: its end is `timeout`, within 20 s. @default never */
  signal?: AbortSignal
  /** Called with the id of the prompt of the program that this waits for, if one is running. */
  onProgram?: (promptId: string) => void
  /** A monotonic clock, ms. @default performance.now */
  now?: () => number
}

/** How long a wait lasts at most by default, ms. */
export const defaultWaitMs = 30_000

/** `ended`: the program ended before the condition was met. */
export type WaitEnd = 'met' | 'timeout' | 'ended'

/**
 * Waits for something on the screen of the program that runs in a session, also if it was there before. Nothing is polled: the host
 * answers when the program has printed. The client repeats a request that is lost with a gateway.
 */
export async function waitForScreen(
  client: Pick<Client, 'request'>,
  sessionId: string,
  condition: ScreenCondition,
  {timeoutMs, after, signal, onProgram, now = () => performance.now()}: WaitForScreenOptions,
): Promise<WaitEnd> {
  const beganAt = now()
  let before: ScreenSnapshot | undefined
  let [printedAt, changedAt] = [beganAt, beganAt]
  let quietMs = 0
  for (;;) {
    const leftMs = beganAt + timeoutMs - now()
    const waitMs = Math.ceil(Math.max(0, Math.min(leftMs, quietMs, maxSnapshotWaitMs)))
    const known = before === undefined ? {} : {after: before.version, wait_ms: waitMs}
    const shown = await snapshotOf(client, sessionId, known)
    if (shown === undefined || (before !== undefined && shown.prompt_id !== before.prompt_id))
      return 'exit' in condition ? 'met' : 'ended'
    if (before === undefined) onProgram?.(shown.prompt_id)
    else if (shown.version !== before.version) {
      printedAt = now()
      if (screenText(shown) !== screenText(before)) changedAt = printedAt
    }
    before = shown
    const isStale = shown.version === after
    quietMs = judgeScreen(condition, {shown, isStale, printedAt, changedAt, now: now()})
    if (quietMs === 0) return 'met'
    if (now() - beganAt >= timeoutMs || signal?.aborted === true) return 'timeout'
  }
}

/** `undefined`: no program is running, or the session has ended with it. */
async function snapshotOf(
  client: Pick<Client, 'request'>,
  sessionId: string,
  known: {after?: number; wait_ms?: number},
): Promise<ScreenSnapshot | undefined> {
  try {
    return await client.request('screen.snapshot', {session_id: sessionId, ...known})
  } catch (error) {
    if (isRpcError(error) && over.includes(error.code)) return undefined
    throw error
  }
}

const over: readonly number[] = [errorCodes.notAllowed, errorCodes.sessionClosed]
