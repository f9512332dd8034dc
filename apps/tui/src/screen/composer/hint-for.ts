import {foldAtCursor, type Draft} from './draft.ts'

export interface HintFacts {
  draft: Draft
  /** `input`: what is written is for the running program. */
  mode: 'prompt' | 'input'
  /** The running program reads a secret. */
  isSecret: boolean
  /** The running program waits for a line of input. */
  isAsking: boolean
}

/** In one line, what a key would do now; `undefined` where that goes without saying. Pure. */
export function hintFor({draft, mode, isSecret, isAsking}: HintFacts): string | undefined {
  if (foldAtCursor(draft) !== undefined) return 'Tab opens what was pasted · Backspace removes it'
  if (mode === 'input' && isSecret) return 'Not shown · Enter sends it · Esc back'
  if (mode === 'input') return 'Enter sends a line · Ctrl-D ends its input · Esc back'
  if (!isAsking) return undefined
  // As high as before: a row that goes with the first key would move what is written.
  return draft.text === ''
    ? 'Ctrl-T answers it · Ctrl-O gives it the terminal'
    : 'Enter makes it the next prompt · Ctrl-T answers the program'
}
