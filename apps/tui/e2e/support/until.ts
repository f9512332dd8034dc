export interface UntilOptions {
  /** What is waited for, for the message of the failure. */
  what: string
  /** @default 10_000 */
  timeoutMs?: number
}

/** How often a condition outside this process, which cannot tell us, is looked at, ms. */
const lookEveryMs = 5

/** Waits until `look` gives a value that is not `undefined` or `false`, and resolves with it. */
export async function until<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  options: UntilOptions,
): Promise<Value> {
  const {what, timeoutMs = 10_000} = options
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`Expected ${what} within ${timeoutMs} ms, it did not come`)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}
