import {askedParts, type ShownTool} from '@holdfast/session-view'

import type {Canvas} from '../canvas.ts'
import {drawWholeChange} from './draw-diff.ts'
import {drawingOf, joinDrawings, type Drawing} from './drawing.ts'

/** What a tool would do, whole, below `title`. Pure. */
export function drawAsked(tool: ShownTool | undefined, title: string, canvas: Canvas): Drawing {
  if (tool === undefined) return drawingOf([])
  const {command, changes, lines} = askedParts(tool, title)
  return joinDrawings([
    drawingOf(indent(command)),
    ...changes.map((change) => drawWholeChange(change, canvas)),
    drawingOf(indent(lines)),
  ])
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
