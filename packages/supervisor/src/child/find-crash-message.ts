/** Messages that Node prints before it crashes, with their meanings. Only the meaning goes into a log. */
const known: readonly [message: RegExp, meaning: string][] = [
  [/JavaScript heap out of memory|^#? ?Fatal process out of memory/im, 'heap-exhausted'],
  [/\b(?:ERR_)?MODULE_NOT_FOUND\b/, 'module-missing'],
]

/** The meaning of a known crash message in the stderr of a child. */
export function findCrashMessage(stderr: string): string | undefined {
  return known.find(([message]) => message.test(stderr))?.[1]
}
