import {stripVTControlCharacters} from 'node:util'

import type {TerminalSize} from '@holdfast/terminal'

/** History beyond this many screenfuls is written at once, so that a long session opens at its end. */
const waitingScreens = 2

/**
 * The lines to write with the next frame: about a screenful, so that keys are handled in between; of history, all but the
 * last two screenfuls. Pure.
 */
export function takeFrame(
  lines: readonly string[],
  {cols, rows}: TerminalSize,
  {isHistory}: {isHistory: boolean},
): {now: readonly string[]; later: readonly string[]} {
  let count = isHistory ? Math.max(0, lines.length - waitingScreens * rows) : 0
  for (let room = rows; count < lines.length && room > 0; count++) {
    room -= Math.max(1, Math.ceil(stripVTControlCharacters(lines[count] ?? '').length / cols))
  }
  return {now: lines.slice(0, count), later: lines.slice(count)}
}
