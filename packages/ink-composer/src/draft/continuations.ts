import stringWidth from 'string-width'

import type {Draft} from './draft.ts'

/** What a shell shows before the lines of an unfinished command. */
export interface Continuations {
  /** The line of the cursor begins with this, as long as what is before it stays the same. */
  add(draft: Draft, sign: string): void
  /** By where the lines begin in the text; `undefined`: none is known. */
  of(draft: Draft): ReadonlyMap<number, string> | undefined
  clear(): void
}

/** Older lines lose their sign. */
const maxLines = 100
const maxColumns = 30

export function createContinuations(): Continuations {
  let known: readonly {before: string; sign: string}[] = []
  return {
    add({text, cursor}, sign) {
      if (stringWidth(sign) <= maxColumns) known = [...known.slice(1 - maxLines), {before: text.slice(0, cursor), sign}]
    },
    clear: () => void (known = []),
    of({text, collapsed}) {
      // A collapsed paste has another length on the screen.
      const shown = collapsed.length > 0 ? [] : known.filter(({before}) => text.startsWith(before))
      return shown.length === 0 ? undefined : new Map(shown.map(({before, sign}) => [before.length, sign]))
    },
  }
}
