/* oxlint-disable no-control-regex -- control characters are what this file is about */

/** What comes faster than it can be shown: its end, and what is to be known of the rest. */
export interface Skimmed {
  /** Line feeds in what is left out. */
  lines: number
  /** The last colours that were set in it. */
  colors: string
  rest: string
}

const sgr = /\u001b\[[\d;:]*m/g
/** So far back, UTF-16 units, colours are looked for. */
const colorReach = 4096

/** Leaves out the beginning of a text, up to a line's end, so that about `length` UTF-16 units are left of it. Pure. */
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
