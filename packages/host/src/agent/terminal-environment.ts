/** The environment of what runs in a terminal of the session. */
export function terminalEnvironment(
  own: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string | undefined>> {
  // A process of Holdfast that is started in it gets a variable of its own.
  return {...process.env, ...own, HOLDFAST_INSTANCE: undefined}
}
