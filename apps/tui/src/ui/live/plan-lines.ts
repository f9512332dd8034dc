/** Lines above the live region that their program may still change. */
export interface TentativeLines {
  text: string
  /** The length of the first ones, which cannot be erased: nobody knows which rows they are in. UTF-16 units. */
  kept: number
}

export const noLines: TentativeLines = {text: '', kept: 0}

/** The same lines after a resize, or when another program has had the terminal. Pure. */
export function keepLines({text}: TentativeLines): TentativeLines {
  return {text, kept: text.length}
}

/**
 * How to get from the lines on the terminal to the next ones: which to erase, and which to write. Lines are written once,
 * unless their program changes them. `tentative` is `undefined` if more finished lines follow. Pure.
 */
export function planLines(
  {text, kept}: TentativeLines,
  finished: string,
  tentative: string | undefined,
): {erased: string; added: string; next: TentativeLines} {
  if (tentative === undefined && text.startsWith(finished)) {
    return {erased: '', added: '', next: cutLines({text, kept}, finished.length)}
  }
  const all = finished + (tentative ?? '')
  const same = all.startsWith(text) ? text.length : all.startsWith(text.slice(0, kept)) ? kept : 0
  return {
    erased: same === text.length ? '' : text.slice(kept),
    added: all.slice(same),
    next: {text: tentative ?? '', kept: same < kept ? 0 : Math.max(0, kept - finished.length)},
  }
}

function cutLines({text, kept}: TentativeLines, length: number): TentativeLines {
  return {text: text.slice(length), kept: Math.max(0, kept - length)}
}
