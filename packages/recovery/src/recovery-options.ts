export interface RecoveryOptions {
  /** Restarts allowed in any `windowMs`: a whole number, 0 or more, or `Infinity`. @default 3 */
  maxRestarts?: number
  /** @default 60_000 */
  windowMs?: number
  /** The delays before the first, second, … restart in the window. The last one also applies to all that follow. @default [0, 500, 2000] */
  delaysMs?: readonly number[]
  /** An instance that was ready for this time restores the whole budget, and ends a crash loop. @default 60_000 */
  healthyMs?: number
  /** This many crashes without a healthy instance in between are a crash loop: a whole number, 1 or more, or `Infinity` for never. @default 5 */
  crashLoopAfter?: number
  /** The delay before a restart in a crash loop, unless `delaysMs` has a longer one. @default 30_000 */
  crashLoopDelayMs?: number
}

export interface ReconnectOptions {
  /** The delays before the first, second, … attempt. The last one also applies to all that follow. @default [1000, 2000, 4000, 8000, 16_000, 30_000] */
  delaysMs?: readonly number[]
  /** After a connection that was open for this time, the delays start over. @default 60_000 */
  healthyMs?: number
  /**
   * A random number from 0 to 1 that shortens the delay, so that the clients of a server do not all connect at the same
   * time: 0 leaves it, 1 halves it. @default 0
   */
  jitter?: number
}

/** Fills in the defaults. Throws `RangeError` for a number that would remove a bound by accident, such as `NaN`. */
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

/** Like `resolveRecovery`. */
export function resolveReconnect(options: ReconnectOptions): Required<ReconnectOptions> {
  const {delaysMs = [1000, 2000, 4000, 8000, 16_000, 30_000], healthyMs = 60_000, jitter = 0} = options
  expect('healthyMs', healthyMs, 'a positive number', healthyMs > 0)
  expect('jitter', jitter, 'a number from 0 to 1', jitter >= 0 && jitter <= 1)
  expectDelays(delaysMs)
  return {delaysMs, healthyMs, jitter}
}

/** The delay before attempt number `attempt`, counted from 1. */
export function delayBefore(attempt: number, delaysMs: readonly number[]): number {
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

function expect(name: string, value: number, what: string, isValid: boolean): void {
  if (!isValid) throw new RangeError(`Expected \`${name}\` to be ${what}, got \`${value}\``)
}
