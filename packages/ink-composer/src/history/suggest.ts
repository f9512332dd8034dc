import type {HistoryEntry} from './history.ts'

/** Longer texts are not suggested: they would fill the screen. UTF-16 units, and lines. */
const maxLength = 1000
const maxLines = 5

/**
 * What completes a text: the rest of the newest text of the history that begins with it, of one that ran in this folder if there
 * is one. Pure.
 */
export function suggest(
  entries: readonly HistoryEntry[],
  typed: string,
  folder: string | undefined,
): string | undefined {
  if (typed === '') return undefined
  const isCandidate = ({text}: HistoryEntry) =>
    text.length > typed.length &&
    text.length <= maxLength &&
    text.startsWith(typed) &&
    text.split('\n').length <= maxLines
  const here = folder === undefined ? undefined : entries.find((entry) => entry.folder === folder && isCandidate(entry))
  return (here ?? entries.find(isCandidate))?.text.slice(typed.length)
}
