import {parseSlashCommand} from '../slash-commands/parse-slash-command.ts'

/** The text of `/help`. */
export const talkHelp = [
  'Lines you type run in the shell of the session. A space before a line that starts with / makes it a shell command, too.',
  'While a command runs, what you type is its input: Ctrl-C interrupts it; Ctrl-D leaves, and it keeps running.',
  'At the prompt, Ctrl-D or /quit leaves; the session stays open.',
  '/continue runs prompts that wait after a failure, /drop removes them.',
  '/logs shows the end of the crash log. /restart tries again to reach the session. /help shows this.',
]

const talkCommands = (['/continue', '/drop', '/help', '/quit', '/logs', '/restart'] as const).map((name) => ({name}))

export type TalkLine = {kind: 'command'; name: string} | {kind: 'prompt'} | {kind: 'refused'; why: string}

/** Whether a line is a slash command of `talk`, a prompt, or a slash command that `talk` does not have. Pure. */
export function parseTalkLine(line: string): TalkLine {
  const parsed = parseSlashCommand(line, talkCommands)
  return parsed.kind === 'command' ? {kind: 'command', name: parsed.command.name} : parsed
}
