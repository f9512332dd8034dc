import stringWidth from 'string-width'

/** The rows that lines take in a terminal that wraps them. Pure. */
export function countRows(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0)
}

/**
 * The rows at the top of a drawn frame that a terminal moves to its scrollback when it gets smaller; whole rows only. The
 * cursor is in the row below the frame. Pure.
 */
export function pushedRows(frame: readonly string[], columns: number, rows: number): number {
  let excess = countRows(frame, columns) + 1 - rows
  let count = 0
  for (const row of frame) {
    excess -= countRows([row], columns)
    if (excess < 0) break
    count++
  }
  return count
}

/** `$TERM` of terminals that cut long rows when they get narrower. */
const cuttingTerminals = /^(?:linux|st|rxvt|screen|vt\d+)/

/**
 * Whether a terminal rewraps its rows when it gets narrower, as most do. Decided by its name: the reply to a query for the cursor
 * would come too late, in the middle of the user's keys. Pure.
 */
export function rewrapsRows({TERM = '', TMUX, XTERM_VERSION}: Readonly<Record<string, string | undefined>>): boolean {
  if (TMUX) return true
  return !XTERM_VERSION && !cuttingTerminals.test(TERM)
}
