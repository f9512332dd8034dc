import {cutFragment, fragmentOf, joinFragments, replaceRange, type Draft} from './draft.ts'
import {wordEnd, wordStart} from './word-bounds.ts'

/** Changes of the words at the cursor, as readline makes them: the cursor goes to the end of the word behind it. Pure. */
export const wordChanges = {
  upper: (draft) => changeCase(draft, (text) => text.toUpperCase()),
  lower: (draft) => changeCase(draft, (text) => text.toLowerCase()),
  capital: (draft) => changeCase(draft, capitalize),
  transpose,
} satisfies Record<string, (draft: Draft) => Draft>
export type WordChange = keyof typeof wordChanges

/** From the cursor to the end of the word. */
function changeCase(draft: Draft, change: (text: string) => string): Draft {
  const {text, cursor, collapsed} = draft
  const end = wordEnd(draft, cursor, 'letters')
  // A collapsed range is a word without letters: what is not seen does not change.
  if (collapsed.some((range) => range.start >= cursor && range.end <= end)) return {...draft, cursor: end}
  return replaceRange(draft, cursor, end, fragmentOf(change(text.slice(cursor, end))))
}

function capitalize(text: string): string {
  return text.toLowerCase().replace(/[\p{L}\p{N}]/u, (first) => first.toUpperCase())
}

/** The word behind the cursor, or at the end of the draft the last one, and the word before it. */
function transpose(draft: Draft): Draft {
  const cursor = wordEnd(draft, draft.cursor, 'letters')
  const second = wordStart(draft, cursor, 'letters')
  const first = wordStart(draft, second, 'letters')
  const [firstEnd, secondEnd] = [wordEnd(draft, first, 'letters'), wordEnd(draft, second, 'letters')]
  const hasTwo = first < second && firstEnd <= second
  if (!hasTwo) return draft
  const [word, between, last] = [
    cutFragment(draft, first, firstEnd),
    cutFragment(draft, firstEnd, second),
    cutFragment(draft, second, secondEnd),
  ]
  const swapped = joinFragments(joinFragments(last, between), word)
  return {...replaceRange(draft, first, secondEnd, swapped), cursor}
}
