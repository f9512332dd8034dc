/** The message of a thrown value, which may be anything, even an object that cannot be converted to a string. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  return typeof thrown === 'string' ? thrown : 'a value that is not an error was thrown'
}
