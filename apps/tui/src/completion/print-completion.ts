import type {Command} from 'commander'

import {printLines} from '../process/standard-output.ts'
import {completeLine, type Candidate, type Completion} from './complete-line.ts'

/** Longer descriptions are cut, UTF-16 units. */
const maxDescription = 60

/**
 * Prints what can stand in place of the last word, for the script of a shell: in the first line `words`, `files`, `folders`, or
 * `command N`, the number of the word, from 0, where another command line begins. With `words`, a line for each follows, with a
 * description behind a tab. Is quiet whatever happens: nobody has asked for an error by pressing Tab.
 */
export async function printCompletion(program: Command, shell: string, words: readonly string[]): Promise<void> {
  const current = shell === 'bash' ? joinAtEquals(words) : words
  const completion = completeLine(program, current)
  if (completion.kind === 'command') {
    // The shell counts its own words.
    return await printLines([`command ${completion.at + words.length - current.length}`])
  }
  if (completion.kind === 'files' || completion.kind === 'folders') return await printLines([completion.kind])
  const last = current.at(-1) ?? ''
  const found = await candidatesOf(completion, last, current)
  // bash replaces only what is behind `=`.
  const cut = shell === 'bash' && last.startsWith('-') ? last.lastIndexOf('=') + 1 : 0
  await printLines(['words', ...found.map(({text, description}) => toLine(text.slice(cut), description))])
}

function toLine(text: string, description: string): string {
  const short = description.length > maxDescription ? `${description.slice(0, maxDescription - 1)}…` : description
  return `${text}\t${short}`
}

async function candidatesOf(
  completion: Extract<Completion, {kind: 'words'} | {kind: 'topic'}>,
  last: string,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  if (completion.kind === 'words') return completion.candidates
  const {topic, before} = completion
  // Another machine would have to be asked.
  if (['sessions', 'open-sessions', 'tags'].includes(topic.kind) && words.some((word) => word.startsWith('--connect')))
    return []
  const {findCandidates} = await import('./find-candidates.ts')
  const found = await findCandidates(topic).catch(() => [])
  return found
    .map(({text, description}) => ({text: before + text, description}))
    .filter(({text}) => text.startsWith(last))
}

/** bash takes `--format=markdown` for three words. Pure. */
export function joinAtEquals(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const [at, word] of words.entries()) {
    const previous = joined.at(-1)
    const isPart = word === '=' || words[at - 1] === '='
    if (isPart && previous?.startsWith('--')) joined[joined.length - 1] = previous + word
    else joined.push(word)
  }
  return joined
}
