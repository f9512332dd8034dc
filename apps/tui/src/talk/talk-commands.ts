import {parseSlashCommand} from '../slash-commands/parse-slash-command.ts'
import {agentActions} from './steer-agent.ts'

/** The text of `/help`. */
export const talkHelp = [
  'Lines you type run in the shell of the session. A space before a line that starts with / makes it a shell command, too.',
  'While a command runs, what you type is its input: Ctrl-C interrupts it; Ctrl-D leaves, and it keeps running.',
  'At the prompt, Ctrl-D or /quit leaves; the session stays open.',
  '/continue runs prompts that wait after a failure, /drop removes them.',
  'In a session with a coding agent, lines go to the agent, and those that begin with ! to a shell. /agent retry starts the agent again, /agent fresh begins a new session of it, /agent login METHOD logs in.',
  '/logs shows the end of the crash log. /restart tries again to reach the session. /help shows this.',
]

const talkCommands = [
  ...(['/continue', '/drop', '/help', '/quit', '/logs', '/restart'] as const).map((name) => ({name})),
  {name: '/agent', argument: agentActions} as const,
]

export type TalkLine =
  {kind: 'command'; name: string; argument: string} | {kind: 'prompt'} | {kind: 'refused'; why: string}

/**
 * Tells a slash command of `talk` from a prompt, and refuses any other slash command. The coding agent of the session takes its own
 * commands, `agentCommands`, as prompts. Pure.
 */
export function parseTalkLine(line: string, agentCommands: readonly {name: string}[] = []): TalkLine {
  const parsed = parseSlashCommand(line, talkCommands, agentCommands)
  if (parsed.kind !== 'command') return parsed
  return {kind: 'command', name: parsed.command.name, argument: parsed.argument}
}
