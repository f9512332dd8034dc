import {readWord} from '../screen/read-word.ts'

/** What `/help` says here. */
export const talkHelp = [
  'What you enter is run by the shell of this session. Begin with a space to run a program right below /.',
  'While it runs, what you type is for the program: Ctrl-C interrupts it, Ctrl-D leaves, and it runs on.',
  'At the prompt, Ctrl-D or /quit leaves, and the session goes on.',
  '/logs shows who died last, and how. /restart tries again to reach the session. /help says this.',
]

/** What a line is that was entered: the words of the screen, and `/help`. Pure. */
export function readTalkWord(
  line: string,
): {kind: 'word'; word: string} | {kind: 'prompt'} | {kind: 'unknown'; why: string} {
  return line.trimEnd() === '/help' ? {kind: 'word', word: '/help'} : readWord(line)
}
