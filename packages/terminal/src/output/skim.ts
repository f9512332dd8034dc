/* oxlint-disable no-control-regex -- control characters are what this file is about */

/** The end of a text, and facts about the rest that the screen needs. */
export interface Skimmed {
  /** Line feeds in the part that is left out. */
  lines: number
  /** The SGR sequences near its end, which still apply. */
  colors: string
  rest: string
}

const sgr = /\u001b\[[\d;:]*m/g
/** How far back SGR sequences are looked for, UTF-16 units. */
const colorReach = 4096

/** Leaves out the start of a text up to the end of a line, so that about `length` UTF-16 units remain. Pure. */
export function skim(text: string, length: number): Skimmed {
  const near = text.length - length
  const lineEnd = text.indexOf('\n', near)
  const end = lineEnd === -1 ? Math.max(near, text.lastIndexOf('\r') + 1) : lineEnd + 1
  const colors =
    text
      .slice(Math.max(0, end - colorReach), end)
      .match(sgr)
      ?.join('') ?? ''
  return {lines: countLineFeeds(text, end), colors, rest: text.slice(end)}
}

function countLineFeeds(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
