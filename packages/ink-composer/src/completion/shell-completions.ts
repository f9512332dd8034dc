import type {Draft} from '../draft/draft.ts'
import type {Candidate} from './candidates.ts'

/** What can replace the word at the end of a command line, as a shell says. */
export interface ShellCompletions {
  /** The index in the line from which on a candidate replaces it. */
  start: number
  candidates: readonly ShellCandidate[]
  /** What all candidates begin with, also those that are not listed. */
  common: string
  /** How many candidates there are. */
  total: number
  /** The shell is not ready yet: these are only paths, and the same line is asked again. */
  isPartial: boolean
}

export interface ShellCandidate {
  /** The word as it is written in a command line. */
  insert: string
  /** What follows it where it is complete, such as a space. */
  suffix: string
  label: string
  description?: string | undefined
}

/** The row of a candidate for this draft. A space that is behind the cursor already is not written twice. Pure. */
export function toCandidate(
  {insert, suffix, label, description}: ShellCandidate,
  start: number,
  {text, cursor}: Draft,
): Candidate {
  const end = text[cursor] === ' ' && suffix.endsWith(' ') ? suffix.slice(0, -1) : suffix
  return {replacement: {start, text: insert + end, isWhole: false}, shown: label, hint: description}
}

/** The candidates that begin with what is typed by now; none for a text before those that were asked for. Pure. */
export function narrow({candidates}: ShellCompletions, typed: string): readonly ShellCandidate[] {
  return candidates.filter(({insert}) => insert.startsWith(typed) && insert !== typed)
}
