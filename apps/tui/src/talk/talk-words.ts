import {readWord} from '../words/read-word.ts'

/** What `/help` says here. */
export const talkHelp = [
  'What you enter is run by the shell of this session. Begin with a space to run a program right below /.',
  'While it runs, what you type is for the program: Ctrl-C interrupts it, Ctrl-D leaves, and it runs on.',
  'At the prompt, Ctrl-D or /quit leaves, and the session goes on.',
  '/logs shows who died last, and how. /restart tries again to reach the session. /help says this.',
]

const talkWords = (['/help', '/quit', '/logs', '/restart'] as const).map((name) => ({name}))

/** What a line is that was entered: a word for us, a prompt, or something that looks like a word and is none. Pure. */
export function readTalkWord(
  line: string,
): {kind: 'word'; word: string} | {kind: 'prompt'} | {kind: 'refused'; why: string} {
  const read = readWord(line, talkWords)
  return read.kind === 'word' ? {kind: 'word', word: read.word.name} : read
}
