import {wrapRows} from '@holdfast/terminal/rows'
import type {ShownTool} from '@holdfast/session-view'
import stringWidth from 'string-width'

import {drawAsked} from '../agent/draw-asked.ts'
import type {Canvas} from '../canvas.ts'

/** The lines that a question is about. */
export interface QuestionBody {
  /** All lines. */
  count: number
  /** The first lines, each with the rows that it takes. */
  lines: readonly (readonly string[])[]
}

interface Drawn extends Canvas, QuestionBody {
  title: string
  room: number
}

/** What was drawn last: a tool is another object when it has changed, and a frame draws a question in up to two heights. */
const lastDrawn = new WeakMap<ShownTool, Drawn>()

const nothing: QuestionBody = {count: 0, lines: []}

/** What the question with this title is about; no more lines than `room`, which is in rows. */
export function questionBody(
  tool: ShownTool | undefined,
  title: string,
  {columns, paint}: Canvas,
  room: number,
): QuestionBody {
  if (tool === undefined) return nothing
  const last = lastDrawn.get(tool)
  const isSame = last?.columns === columns && last.paint === paint && last.title === title
  if (isSame && last.room >= room) return last
  const asked = drawAsked(tool, title, {columns, paint})
  const lines = asked
    .draw(room)
    // One row too many says that a line goes on.
    .map((line) => (stringWidth(line) <= columns ? [line] : wrapRows(line, columns).slice(0, room + 1)))
  const drawn = {columns, paint, title, room, count: asked.count, lines}
  lastDrawn.set(tool, drawn)
  return drawn
}
