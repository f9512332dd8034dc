/** The name, the code and the place of an error. Not its message, which may contain the user's text. */
export function errorFacts(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof Error)) return {error: typeof error}
  const [, place] = /^ +at .*?([^/\\(\s]+:\d+:\d+)\)?$/m.exec(error.stack ?? '') ?? []
  return {error: error.name, errno: (error as NodeJS.ErrnoException).code, place}
}
