import {emptyDraft, type Draft, type Fragment} from '../draft/draft.ts'
import {collapsePaste} from '../draft/collapse-paste.ts'
import type {History} from './history.ts'

/** Goes through what was entered before, and back to what was written first. */
export interface Recall {
  /** What comes in the place of what is written, one entry older (1) or newer (-1); `undefined`: there is none. */
  go(step: -1 | 1, written: Draft): Fragment | undefined
  /** What is written is new: the next step begins there. */
  forget(): void
}

/** So many entries before the oldest known one, older ones are asked for. */
const loadAhead = 20

export function createRecall(history: History): Recall {
  /** How many texts ago what is recalled was entered; 0: what is written is new. */
  let ago = 0
  /** What was written before something was recalled. */
  let unsent: Draft | undefined
  return {
    go(step, written) {
      const next = ago + step
      const text = next === 0 ? undefined : history.at(next)
      if (next < 0 || (next > 0 && text === undefined)) return undefined
      if (ago === 0) unsent = written
      ago = next
      if (next > 0 && next > history.length - loadAhead) void history.loadMore()
      return text === undefined ? (unsent ?? emptyDraft) : collapsePaste(text)
    },
    forget() {
      ago = 0
      unsent = undefined
    },
  }
}
