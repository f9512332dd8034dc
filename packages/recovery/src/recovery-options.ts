export interface RecoveryOptions {
  /** Restarts allowed in any `windowMs`: a whole number, 0 or more, or `Infinity`. @default 3 */
  maxRestarts?: number
  /** @default 60_000 */
  windowMs?: number
  /** The pause before the first, second, … restart in the window; the last one holds for all that follow. @default [0, 500, 2000] */
  delaysMs?: readonly number[]
  /** A life that was ready for so long restores the whole budget, and breaks a chain. @default 60_000 */
  healthyMs?: number
  /** So many deaths without a healthy life between them are a chain: a whole number, 1 or more, or `Infinity` for none. @default 5 */
  crashLoopAfter?: number
  /** The pause before a restart in a chain, where `delaysMs` does not say a longer one. @default 30_000 */
  crashLoopDelayMs?: number
}

export interface ReconnectOptions {
  /** The pause before the first, second, … attempt in a row; the last one holds for all that follow. @default [1000, 2000, 4000, 8000, 16_000, 30_000] */
  delaysMs?: readonly number[]
  /** A connection that was up for so long is a healthy one: after it the pauses begin anew. @default 60_000 */
  healthyMs?: number
  /** Shortens the pause, so that the clients of one server do not all come at once: 0 leaves it, 1 halves it. Drawn by the caller. @default 0 */
  jitter?: number
}

/** Fills in the defaults. Throws `RangeError` for a number that would make a budget without bounds by accident, such as `NaN`. */
export function resolveRecovery(options: RecoveryOptions): Required<RecoveryOptions> {
  const {maxRestarts = 3, windowMs = 60_000, delaysMs = [0, 500, 2000], healthyMs = 60_000} = options
  const {crashLoopAfter = 5, crashLoopDelayMs = 30_000} = options
  expect('maxRestarts', maxRestarts, 'a whole number of 0 or more', isCount(maxRestarts))
  expect('windowMs', windowMs, 'a positive number', windowMs > 0)
  expect('healthyMs', healthyMs, 'a positive number', healthyMs > 0)
  expect(
    'crashLoopAfter',
    crashLoopAfter,
    'a whole number of 1 or more',
    isCount(crashLoopAfter) && crashLoopAfter >= 1,
  )
  expect('crashLoopDelayMs', crashLoopDelayMs, 'a finite number of 0 or more', isDelay(crashLoopDelayMs))
  expectDelays(delaysMs)
  return {maxRestarts, windowMs, delaysMs, healthyMs, crashLoopAfter, crashLoopDelayMs}
}

/** As `resolveRecovery`. */
export function resolveReconnect(options: ReconnectOptions): Required<ReconnectOptions> {
  const {delaysMs = [1000, 2000, 4000, 8000, 16_000, 30_000], healthyMs = 60_000, jitter = 0} = options
  expect('healthyMs', healthyMs, 'a positive number', healthyMs > 0)
  expect('jitter', jitter, 'a number from 0 to 1', jitter >= 0 && jitter <= 1)
  expectDelays(delaysMs)
  return {delaysMs, healthyMs, jitter}
}

/** The pause before attempt number `attempt`, counted from 1. */
export function pauseBefore(attempt: number, delaysMs: readonly number[]): number {
  return delaysMs[attempt - 1] ?? delaysMs.at(-1) ?? 0
}

function expectDelays(delaysMs: readonly number[]): void {
  for (const delayMs of delaysMs) expect('delaysMs', delayMs, 'a list of finite numbers of 0 or more', isDelay(delayMs))
}

function isCount(value: number): boolean {
  return value === Infinity || (Number.isInteger(value) && value >= 0)
}

function isDelay(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

function expect(name: string, value: number, what: string, holds: boolean): void {
  if (!holds) throw new RangeError(`Expected \`${name}\` to be ${what}, got \`${value}\``)
}
