/** A text that is being written, and where in it the next character goes. */
export interface Draft {
  text: string
  /** An index into `text`, in UTF-16 units, never inside a character. */
  cursor: number
}

export const emptyDraft: Draft = {text: '', cursor: 0}

export type Edit =
  | {kind: 'insert'; text: string}
  | {kind: 'delete-back' | 'delete-forward' | 'delete-word' | 'delete-to-start' | 'delete-to-end'}
  | {kind: 'left' | 'right' | 'start' | 'end'}
  | {kind: 'replace'; text: string}
  /** In front of all, as if it had been there before the rest was written. */
  | {kind: 'prepend'; text: string}

const characters = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** The draft after one edit. Pure. */
export function editText(draft: Draft, edit: Edit): Draft {
  const before = draft.text.slice(0, draft.cursor)
  const after = draft.text.slice(draft.cursor)
  switch (edit.kind) {
    case 'insert':
      return joined(before + edit.text, after)
    case 'replace':
      return joined(edit.text, '')
    case 'prepend':
      return {text: edit.text + draft.text, cursor: edit.text.length + draft.cursor}
    case 'delete-back':
      return joined(before.slice(0, before.length - lastLength(before)), after)
    case 'delete-forward':
      return joined(before, after.slice(firstLength(after)))
    case 'delete-word':
      return joined(before.replace(/\S*\s*$/, ''), after)
    case 'delete-to-start':
      return joined('', after)
    case 'delete-to-end':
      return joined(before, '')
    case 'left':
      return {...draft, cursor: draft.cursor - lastLength(before)}
    case 'right':
      return {...draft, cursor: draft.cursor + firstLength(after)}
    case 'start':
      return {...draft, cursor: 0}
    case 'end':
      return {...draft, cursor: draft.text.length}
  }
}

/** The length of the first character, as a person sees characters; 0 where there is none. */
export function firstLength(text: string): number {
  for (const {segment} of characters.segment(text.slice(0, 64))) return segment.length
  return 0
}

function lastLength(text: string): number {
  return [...characters.segment(text.slice(-64))].at(-1)?.segment.length ?? 0
}

function joined(before: string, after: string): Draft {
  return {text: before + after, cursor: before.length}
}
