import type {ScreenSnapshot} from '@holdfast/protocol'
import type {SnapshotLine} from '@holdfast/terminal'

import type {ProgramSnapshot} from '../session/attachments.ts'

/** A snapshot as the protocol has it. Pure. */
export function toScreenSnapshot(shown: ProgramSnapshot): ScreenSnapshot {
  const {promptId, version, cols, rows, title, isAlternate, cursor, modes, lines, scrollback, isCut} = shown
  const toRow = ({spans, isWrapped}: SnapshotLine) => ({spans, ...(isWrapped && {is_wrapped: true as const})})
  return {
    prompt_id: promptId,
    version,
    cols,
    rows,
    title,
    is_alternate: isAlternate,
    cursor: {row: cursor.row, col: cursor.col, is_visible: cursor.isVisible},
    modes: {
      application_cursor: modes.applicationCursor,
      bracketed_paste: modes.bracketedPaste,
      mouse: modes.mouse,
    },
    lines: lines.map(toRow),
    ...(scrollback !== undefined && {scrollback: scrollback.map(toRow)}),
    ...(isCut && {is_cut: true}),
  }
}
