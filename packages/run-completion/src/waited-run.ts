/** How a wait for the end of a run ended. */
export type WaitedRunOutcome =
  /** Its completion is in the log, under this seq. Without a status only where the shell told none. */
  | {kind: 'completed'; seq: number; exitCode?: number}
  /** Nothing is known yet. The run goes on, and may be waited for again. */
  | {kind: 'timeout'}
  /** The terminal is gone, and the run with it. */
  | {kind: 'exited'}

export interface WaitOptions {
  /** Stops waiting: the promise rejects with the signal's reason. The run goes on. */
  signal?: AbortSignal
}

/** Waits for at most `timeoutMs`, as often as one likes. Rejects with what the log said if the end could not be recorded. */
export type Wait = (timeoutMs: number, options?: WaitOptions) => Promise<WaitedRunOutcome>

/** The end of one run, and those who wait for it. */
export interface WaitedRun {
  wait: Wait
  /** The first word is the last one. */
  settle(end: RunEnd): void
}

type RunEnd = {outcome: WaitedRunOutcome} | {fault: unknown}

/** Node's timers take no more. */
const MAX_TIMER_MS = 2 ** 31 - 1

export function createWaitedRun(): WaitedRun {
  const waiting = new Set<(end: RunEnd) => void>()
  let known: RunEnd | undefined

  return {
    async wait(timeoutMs, {signal} = {}) {
      if (!(timeoutMs > 0)) throw new TypeError(`Expected \`timeoutMs\` to be a positive number, got \`${timeoutMs}\``)
      signal?.throwIfAborted()
      const end = known ?? (await waitFor(waiting, timeoutMs, signal))
      if ('fault' in end) throw end.fault
      return end.outcome
    },
    settle(end) {
      known ??= end
      waiting.forEach((tell) => tell(end))
    },
  }
}

async function waitFor(
  waiting: Set<(end: RunEnd) => void>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<RunEnd> {
  const {promise, resolve} = Promise.withResolvers<RunEnd>()
  const abort = () => resolve({fault: signal?.reason})
  const timer = setTimeout(resolve, Math.min(timeoutMs, MAX_TIMER_MS), {outcome: {kind: 'timeout'}})
  waiting.add(resolve)
  signal?.addEventListener('abort', abort)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    waiting.delete(resolve)
    signal?.removeEventListener('abort', abort)
  }
}
