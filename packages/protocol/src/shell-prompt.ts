/** A prompt for the shell of a session with a coding agent. */
export interface ShellPrompt {
  /** What the shell runs. Empty in `!!`, which shares what the last command printed. */
  command: string
  /** Where it begins in the text, UTF-16 units. */
  start: number
  /** What it prints goes to the agent with the next prompt. */
  isShared: boolean
}

/**
 * In a session with a coding agent, `!command` is for the shell, and `!!command` shares its output with the agent. Undefined for a
 * text for the agent. Pure.
 */
export function readShellPrompt(text: string): ShellPrompt | undefined {
  const [marks] = /^!{1,2}[ \t]*/.exec(text) ?? []
  if (marks === undefined) return undefined
  return {command: text.slice(marks.length), start: marks.length, isShared: marks.startsWith('!!')}
}
