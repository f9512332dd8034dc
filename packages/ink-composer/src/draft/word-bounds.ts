import type {Fragment} from './draft.ts'
import {stepBack, stepForward} from './draft.ts'

/** What readline takes for a word: letters and digits, with what belongs to them. */
const inWord = /^[\p{L}\p{N}\p{M}\u200c\u200d]+$/u
/** What Ctrl-W takes for one: all but blanks. */
const notBlank = /^\S/

export type WordKind = 'letters' | 'blanks'

/** Where the word before `at` begins. A fold is a word. */
export function wordStart(draft: Fragment, at: number, kind: WordKind): number {
  let hasWord = false
  for (;;) {
    const before = stepBack(draft, at)
    if (before === at) return at
    if (isCollapsed(draft, before)) return hasWord ? at : before
    const isInWord = isPart(draft.text.slice(before, at), kind)
    if (hasWord && !isInWord) return at
    hasWord ||= isInWord
    at = before
  }
}

/** Where the word behind `at` ends. */
export function wordEnd(draft: Fragment, at: number, kind: WordKind): number {
  let hasWord = false
  for (;;) {
    const after = stepForward(draft, at)
    if (after === at) return at
    if (isCollapsed(draft, at)) return hasWord ? at : after
    const isInWord = isPart(draft.text.slice(at, after), kind)
    if (hasWord && !isInWord) return at
    hasWord ||= isInWord
    at = after
  }
}

function isCollapsed({collapsed}: Fragment, start: number): boolean {
  return collapsed.some((range) => range.start === start)
}

function isPart(character: string, kind: WordKind): boolean {
  return kind === 'letters' ? inWord.test(character) : notBlank.test(character)
}
