import type {Fragment} from './draft.ts'
import {stepBack, stepForward} from './draft.ts'

/** A word for readline: letters and digits with their combining marks. */
const inWord = /^[\p{L}\p{N}\p{M}\u200c\u200d]+$/u
/** A word for Ctrl-W: all but blanks. */
const notBlank = /^\S/

export type WordKind = 'letters' | 'blanks'

/** The start of the word before `at`. A collapsed range is a word. */
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

/** The end of the word after `at`. */
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
