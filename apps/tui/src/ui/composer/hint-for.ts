import type {HintFacts} from '@holdfast/ink-composer'

/** What a key would do now, in one line; `undefined` where that is obvious. Pure. */
export function hintFor({draft, mode, isSecret, isAsking}: HintFacts): string | undefined {
  if (mode === 'input' && isSecret) return 'Not shown · Enter sends it · Esc back'
  if (mode === 'input') return 'Enter sends a line · Ctrl-D ends its input · Esc back'
  if (!isAsking) return undefined
  // The hint stays when the first key is typed: a row that disappears would move the draft.
  return draft.text === ''
    ? 'Ctrl-T answers it · Ctrl-O gives it the terminal'
    : 'Enter makes it the next prompt · Ctrl-T answers the program'
}
