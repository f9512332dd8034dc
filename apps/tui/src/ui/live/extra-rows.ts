import stringWidth from 'string-width'

/**
 * How many rows more a drawn frame takes when its terminal gets narrower: those that were longer are wrapped. Pure.
 */
export function extraRows(frame: readonly string[], columns: number): number {
  return frame.reduce((sum, row) => sum + Math.max(1, Math.ceil(stringWidth(row) / columns)) - 1, 0)
}

/**
 * How many of the first rows of a drawn frame a terminal has moved to its scrollback when it got smaller, whole rows only;
 * below the frame is the row of the cursor. Pure.
 */
export function pushedRows(frame: readonly string[], columns: number, rows: number): number {
  let excess = frame.length + extraRows(frame, columns) + 1 - rows
  let count = 0
  for (const row of frame) {
    excess -= 1 + extraRows([row], columns)
    if (excess < 0) break
    count++
  }
  return count
}

/** Terminals that cut long rows when they get narrower, instead of wrapping them. */
const cutting = /^(?:linux|st|rxvt|screen|vt\d+)/

/** Whether a terminal wraps what is on it anew when it gets narrower, as most do. Pure. */
export function wrapsAnew({TERM = '', TMUX, XTERM_VERSION}: Readonly<Record<string, string | undefined>>): boolean {
  if (TMUX) return true
  return !XTERM_VERSION && !cutting.test(TERM)
}
