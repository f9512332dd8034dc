import {toPlainLine} from '@holdfast/terminal/plain'

import {commandOf} from '../agent/command-of.ts'
import type {FileChange} from '../agent/file-changes.ts'
import {linesOf} from '../agent/plain-lines.ts'
import type {ShownTool} from './shown-tool.ts'

/** All that a question about a tool has to show, whole: its command, its changes of files, and other lines. */
export interface AskedParts {
  command: readonly string[]
  changes: readonly FileChange[]
  /** The text that the tool shows, or else what it was given. */
  lines: readonly string[]
}

/**
 * What a tool would do. `title`: the text that stands above; it may be cut, and may only look like the command, which is therefore
 * left out only where it is nothing but the command and short. Pure.
 */
export function askedParts({changes, output, input}: ShownTool, title: string): AskedParts {
  const command = commandOf(input)
  const isElsewhere = command !== undefined || changes.length > 0 || output.lines.length > 0
  return {
    command: command === undefined || isCommand(title, command) ? [] : linesOf(command),
    changes,
    lines: isElsewhere ? output.lines : inputLines(input),
  }
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

/** The arguments of a tool that is neither a command nor a change: `url: https://…`. */
function inputLines(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([key, value]) =>
    linesOf(`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  )
}
