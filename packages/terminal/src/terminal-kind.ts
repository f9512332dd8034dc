type Environment = Readonly<Record<string, string | undefined>>

/** Whether `$TERM` names a terminal without cursor movement, or none. */
export function isDumb({TERM}: Environment = process.env): boolean {
  return TERM === undefined || ['', 'dumb', 'unknown'].includes(TERM)
}

/** Whether to print colours: not on a dumb terminal, nor where `$NO_COLOR` is set (https://no-color.org). */
export function hasColours(environment: Environment = process.env): boolean {
  return !isDumb(environment) && !environment['NO_COLOR']
}
