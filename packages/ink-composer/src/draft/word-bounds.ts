import {stepBack, stepForward, type Fragment} from './draft.ts'

/** A word for readline: letters and digits with their combining marks. */
const inWord = /^[\p{L}\p{N}\p{M}\u200c\u200d]+$/u
/** A word for Ctrl-W: all but blanks. */
const notBlank = /^\S/

export type WordKind = 'letters' | 'blanks'

/** The start of the word before `at`. A collapsed range is a word. */
export function wordStart(draft: Fragment, at: number, kind: WordKind): number {
  return pastWord(draft, at, kind, stepBack)
}

/** The end of the word after `at`. */
export function wordEnd(draft: Fragment, at: number, kind: WordKind): number {
  return pastWord(draft, at, kind, stepForward)
}

function pastWord(draft: Fragment, from: number, kind: WordKind, step: typeof stepBack): number {
  let [at, hasWord] = [from, false]
  for (;;) {
    const next = step(draft, at)
    if (next === at) return at
    const start = Math.min(at, next)
    if (isCollapsed(draft, start)) return hasWord ? at : next
    const isInWord = isPart(draft.text.slice(start, Math.max(at, next)), kind)
    if (hasWord && !isInWord) return at
    hasWord ||= isInWord
    at = next
  }
}

function isCollapsed({collapsed}: Fragment, start: number): boolean {
  return collapsed.some((range) => range.start === start)
}

function isPart(character: string, kind: WordKind): boolean {
  return kind === 'letters' ? inWord.test(character) : notBlank.test(character)
}
