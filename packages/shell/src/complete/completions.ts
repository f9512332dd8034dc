/** What can replace the word at the end of a text. */
export interface Completions {
  /** The index in the text from which on a candidate replaces it. */
  start: number
  /** Sorted; at most `MAX_CANDIDATES`. */
  candidates: readonly Candidate[]
  /** What all candidates begin with, also those beyond the bound, as it is written in a command line. */
  common: string
  /** How many candidates there are. */
  total: number
  /** The shell is not ready to complete yet: these are only paths, and the next answer may have more. */
  isPartial: boolean
}

export interface Candidate {
  /** As it is written in a command line. */
  insert: string
  /** What follows it where the word is complete, such as a space. */
  suffix: string
  label: string
  description?: string
}

export const NO_COMPLETIONS: Completions = {start: 0, candidates: [], common: '', total: 0, isPartial: false}

const MAX_CANDIDATES = 500
/** The longest label or description, UTF-16 units. A longer text to insert is no candidate. */
const MAX_TEXT = 4096
const MAX_LABEL = 200

const collator = new Intl.Collator('en', {numeric: true})

/** Sorts and bounds matches, and drops those that cannot be typed. Pure. */
export function toCompletions(start: number, matches: readonly Candidate[], isPartial: boolean): Completions {
  const typable = matches.filter(({insert}) => insert.length <= MAX_TEXT && !/[\0\ufffd]/.test(insert))
  const unique = [...new Map(typable.map((match) => [match.insert, match])).values()]
  const sorted = unique.sort((a, b) => collator.compare(a.label, b.label))
  return {
    start,
    candidates: sorted.slice(0, MAX_CANDIDATES).map(bound),
    common: commonStart(sorted.map(({insert}) => insert)),
    total: sorted.length,
    isPartial,
  }
}

function bound({insert, suffix, label, description}: Candidate): Candidate {
  const shown = {insert, suffix, label: label.slice(0, MAX_LABEL)}
  return description === undefined || description === ''
    ? shown
    : {...shown, description: description.slice(0, MAX_LABEL)}
}

/** The longest common start that a user could have typed: no half of a surrogate pair, of an escape, or of a quote of ours. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts
  let length = first.length
  for (const text of others) while (!text.startsWith(first.slice(0, length))) length--
  if (others.length === 0) return first
  const common = first.slice(0, length).replace(/[\ud800-\udbff]$/, '')
  if (common.includes("$'")) return ''
  return common.replace(/(?<!\\)((?:\\\\)*)\\$/, '$1')
}
