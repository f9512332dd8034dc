/** What a thrown thing says. Anything can be thrown, and not all of it can be made a string. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  return typeof thrown === 'string' ? thrown : 'something that is no error was thrown'
}
