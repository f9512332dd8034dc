import {emptyDraft, type Draft, type Fragment} from '../draft/draft.ts'
import {collapsePaste} from '../draft/collapse-paste.ts'
import type {History} from './history.ts'

/** Steps through the history, and back to the draft. */
export interface Recall {
  /** The replacement for the draft, one text older (1) or newer (-1); `undefined` at either end. */
  go(step: -1 | 1, draft: Draft): Fragment | undefined
  /** A text of the history is shown, not the draft. */
  readonly isActive: boolean
  /** The draft is new: the next step starts from it. */
  forget(): void
}

/** Older texts are loaded this many texts before the oldest known one. */
const loadAhead = 20

/** `onFailed`: older texts could not be loaded; the next step to an older text tries again. */
export function createRecall(history: History, onFailed: () => void): Recall {
  /** The position in the history; 0 is the draft. */
  let ago = 0
  /** The draft before the first step. */
  let unsent: Draft | undefined

  const loadMore = async () => {
    if (!(await history.loadMore())) onFailed()
  }
  return {
    go(step, draft) {
      const next = ago + step
      const text = next === 0 ? undefined : history.at(next)
      if (step === 1 && next > history.length - loadAhead) void loadMore()
      if (next < 0 || (next > 0 && text === undefined)) return undefined
      if (ago === 0) unsent = draft
      ago = next
      return text === undefined ? (unsent ?? emptyDraft) : collapsePaste(text)
    },
    get isActive() {
      return ago > 0
    },
    forget() {
      ago = 0
      unsent = undefined
    },
  }
}
