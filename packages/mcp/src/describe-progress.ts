/** The longest message, UTF-16 units. */
const maxLength = 200

/** A line about a run that lasts: how long, and the last line that it printed. Pure. */
export function describeProgress({
  elapsedMs,
  lastLine,
  isWaiting,
}: {
  elapsedMs: number
  lastLine: string | undefined
  /** Another prompt of the session runs before it. */
  isWaiting: boolean
}): string {
  const elapsed = `${Math.round(elapsedMs / 1000)} s`
  if (isWaiting) return `${elapsed}: waits for the prompt that runs before it`
  const line = lastLine?.trim() ?? ''
  return line === '' ? elapsed : `${elapsed}: ${line.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '')}`
}
