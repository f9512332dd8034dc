export interface RecoveryOptions {
  /** Restarts allowed in any `windowMs`: a whole number, 0 or more, or `Infinity`. @default 3 */
  maxRestarts?: number
  /** @default 60_000 */
  windowMs?: number
  /** The pause before the first, second, … restart in the window; the last one holds for all that follow. @default [0, 500, 2000] */
  delaysMs?: readonly number[]
  /** A life that was ready for so long restores the whole budget when it ends. @default 60_000 */
  healthyMs?: number
}

/** Fills in the defaults. Throws `RangeError` for a number that would make a budget without bounds by accident, such as `NaN`. */
export function resolveOptions(options: RecoveryOptions): Required<RecoveryOptions> {
  const {maxRestarts = 3, windowMs = 60_000, delaysMs = [0, 500, 2000], healthyMs = 60_000} = options
  expect('maxRestarts', maxRestarts, 'a whole number of 0 or more', isCount(maxRestarts))
  expect('windowMs', windowMs, 'a positive number', windowMs > 0)
  expect('healthyMs', healthyMs, 'a positive number', healthyMs > 0)
  for (const delayMs of delaysMs) expect('delaysMs', delayMs, 'a list of finite numbers of 0 or more', isDelay(delayMs))
  return {maxRestarts, windowMs, delaysMs, healthyMs}
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
