/** The command that a tool runs, from the tool's input; untrusted text. Pure. */
export function commandOf(input: unknown): string | undefined {
  const command = (input as {command?: unknown} | null | undefined)?.command
  const words = Array.isArray(command) ? command.join(' ') : command
  return typeof words === 'string' && words !== '' ? words : undefined
}
