import {SocketError} from '../errors/socket-error.ts'

export interface OpeningOptions {
  /** How long to wait for the connection, ms, above 0. `Infinity`: none is too long. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

/** The longest delay that a timer can have, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Waits for a connection to open. What fails, or takes too long, or is given up, is ended by `end` before this rejects,
 * with `SocketError` or the signal's reason.
 */
export async function waitForOpening<Opened>(
  {promise, reject}: PromiseWithResolvers<Opened>,
  address: string,
  {timeoutMs, signal}: OpeningOptions,
  end: () => void,
): Promise<Opened> {
  const timer = setTimeout(
    () => reject(new SocketError('timeout', `Expected \`${address}\` to answer within ${timeoutMs} ms, got nothing`)),
    Math.min(timeoutMs, MAX_TIMER_MS),
  )
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  try {
    return await promise
  } catch (error) {
    end()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Refuses what cannot be waited for, before anything is opened. */
export function assertOpening({timeoutMs, signal}: OpeningOptions): void {
  signal?.throwIfAborted()
  if (timeoutMs > 0) return
  throw new RangeError(`Expected \`timeoutMs\` to be above 0, got \`${timeoutMs}\``)
}
