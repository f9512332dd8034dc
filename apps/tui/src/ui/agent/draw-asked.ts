import {toPlainLine} from '@holdfast/terminal'

import {commandOf} from '../../format/agent/command-of.ts'
import {linesOf} from '../../format/agent/plain-lines.ts'
import type {Canvas} from '../canvas.ts'
import {drawWholeChange} from './draw-diff.ts'
import {drawingOf, joinDrawings, type Drawing} from './drawing.ts'
import type {ShownTool} from './shown-tool.ts'

/**
 * What a tool would do, whole: its command, its changes of files, the text that it shows, or else what it was given. `title`: the text that
 * stands above; it may be cut, and may only look like the command, which is therefore left out only where it is nothing but the command and short.
 */
export function drawAsked(tool: ShownTool | undefined, title: string, canvas: Canvas): Drawing {
  if (tool === undefined) return drawingOf([])
  const {changes, output, input} = tool
  const command = commandOf(input)
  const drawing = joinDrawings([
    drawingOf(command === undefined || isCommand(title, command) ? [] : indent(linesOf(command))),
    ...changes.map((change) => drawWholeChange(change, canvas)),
    drawingOf(indent(output.lines)),
  ])
  return drawing.count > 0 || command !== undefined ? drawing : drawingOf(indent(inputLines(input)))
}

/** A longer command may be cut in the title, UTF-16 units. */
const shortCommand = 20

/** The title is the command, alone or between backquotes. Pure. */
function isCommand(title: string, command: string): boolean {
  return (
    command.length <= shortCommand &&
    (title === command || title === `\`${command}\``) &&
    toPlainLine(command) === command
  )
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

/** The arguments of a tool that is neither a command nor a change: `url: https://…`. */
function inputLines(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([key, value]) =>
    linesOf(`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  )
}
