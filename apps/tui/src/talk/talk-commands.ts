import {parseSlashCommand} from '../slash-commands/parse-slash-command.ts'

/** What `/help` says here. */
export const talkHelp = [
  'What you enter is run by the shell of this session. Begin with a space to run a program right below /.',
  'While it runs, what you type is for the program: Ctrl-C interrupts it, Ctrl-D leaves, and it runs on.',
  'At the prompt, Ctrl-D or /quit leaves, and the session goes on.',
  '/logs shows who died last, and how. /restart tries again to reach the session. /help says this.',
]

const talkCommands = (['/help', '/quit', '/logs', '/restart'] as const).map((name) => ({name}))

export type TalkLine = {kind: 'command'; name: string} | {kind: 'prompt'} | {kind: 'refused'; why: string}

/** Whether a line is a slash command of `talk`, a prompt, or a slash command that `talk` does not have. Pure. */
export function parseTalkLine(line: string): TalkLine {
  const parsed = parseSlashCommand(line, talkCommands)
  return parsed.kind === 'command' ? {kind: 'command', name: parsed.command.name} : parsed
}
