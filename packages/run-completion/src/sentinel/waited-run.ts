/** How a wait for the end of a run ended. */
export type WaitedRunOutcome =
  /** The completion is in the log under this seq. `exitCode` is missing only if the shell did not print it. */
  | {kind: 'completed'; seq: number; exitCode?: number}
  /** The run has not ended yet. It continues, and the caller may wait again. */
  | {kind: 'timeout'}
  /** The terminal is gone, and the run with it. */
  | {kind: 'exited'}

export interface WaitOptions {
  /** Stops the wait: the promise rejects with the signal's reason. The run continues. */
  signal?: AbortSignal
}

/** Waits for at most `timeoutMs`; may be called any number of times. Rejects if the end could not be recorded. */
export type Wait = (timeoutMs: number, options?: WaitOptions) => Promise<WaitedRunOutcome>

/** The end of one run and the callers that wait for it. */
export interface WaitedRun {
  wait: Wait
  /** Ends all waits; calls after the first have no effect. */
  settle(end: RunEnd): void
}

type RunEnd = {outcome: WaitedRunOutcome} | {fault: unknown}

/** The longest delay of a JavaScript timer. */
const MAX_TIMER_MS = 2 ** 31 - 1

export function createWaitedRun(): WaitedRun {
  const waiters = new Set<(end: RunEnd) => void>()
  let settled: RunEnd | undefined

  return {
    async wait(timeoutMs, {signal} = {}) {
      if (!(timeoutMs > 0)) throw new TypeError(`Expected \`timeoutMs\` to be a positive number, got \`${timeoutMs}\``)
      signal?.throwIfAborted()
      const end = settled ?? (await waitFor(waiters, timeoutMs, signal))
      if ('fault' in end) throw end.fault
      return end.outcome
    },
    settle(end) {
      settled ??= end
      waiters.forEach((resolve) => resolve(end))
    },
  }
}

function waitFor(
  waiters: Set<(end: RunEnd) => void>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<RunEnd> {
  return new Promise((resolve) => {
    const finish = (end: RunEnd) => {
      clearTimeout(timer)
      waiters.delete(finish)
      signal?.removeEventListener('abort', abort)
      resolve(end)
    }
    const abort = () => finish({fault: signal?.reason})
    const timer = setTimeout(finish, Math.min(timeoutMs, MAX_TIMER_MS), {outcome: {kind: 'timeout'}})
    waiters.add(finish)
    signal?.addEventListener('abort', abort)
  })
}
