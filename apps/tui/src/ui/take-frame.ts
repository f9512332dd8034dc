import type {TerminalSize} from '@holdfast/terminal'

/** More screenfuls of history than these do not wait for their frame: who opens a long session wants to see its end. */
const waitingScreens = 2

/**
 * Which lines go to the terminal with the next frame: about a screenful, so that keys and frames come between; of what has
 * happened before, all but the last of it. Pure.
 */
export function takeFrame(
  lines: readonly string[],
  {cols, rows}: TerminalSize,
  {isHistory}: {isHistory: boolean},
): {now: readonly string[]; later: readonly string[]} {
  let count = isHistory ? Math.max(0, lines.length - waitingScreens * rows) : 0
  for (let room = rows; count < lines.length && room > 0; count++) {
    // Colours have a length, too: that a frame is a little short does no harm.
    room -= Math.max(1, Math.ceil((lines[count]?.length ?? 0) / cols))
  }
  return {now: lines.slice(0, count), later: lines.slice(count)}
}
