type Environment = Readonly<Record<string, string | undefined>>

/** A terminal that prints and does nothing else, or is not known to. */
export function isDumb({TERM}: Environment = process.env): boolean {
  return TERM === undefined || ['', 'dumb', 'unknown'].includes(TERM)
}

/** Whether colours may be written to the terminal: see https://no-color.org. */
export function hasColours(environment: Environment = process.env): boolean {
  return !isDumb(environment) && !environment['NO_COLOR']
}
