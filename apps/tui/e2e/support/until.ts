export interface UntilOptions {
  /** What the test waits for, for the error. */
  what: string
  /** @default 10_000 */
  timeoutMs?: number
}

/** How often to check a condition outside of this process, ms. */
const lookEveryMs = 5

/** Waits until `look` returns a value that is not `undefined` or `false`, and resolves with it. */
export async function until<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  options: UntilOptions,
): Promise<Value> {
  const {what, timeoutMs = 20_000} = options
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`Expected ${what} within ${timeoutMs} ms, it did not come`)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}
