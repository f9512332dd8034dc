import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import {commandOf} from '../agent/command-of.ts'
import {contentLines} from '../agent/tool-content.ts'
import {changesOf, type FileChange} from '../agent/file-changes.ts'
import {cutLine, linesOf} from '../agent/plain-lines.ts'

/** The output of a command, without its first lines. */
export interface OutputEnd {
  lines: readonly string[]
  /** Lines before them. */
  left: number
}

/** A tool of a coding agent, or a command that runs for it, as the screen shows it. */
export interface ShownTool {
  /** `read`, `edit`, `execute`, or another kind. */
  kind: string | undefined
  /** A plain line. */
  title: string
  /** What it runs, where the title does not say it. Plain lines. */
  command: readonly string[]
  changes: readonly FileChange[]
  /** What it printed, or another text that it shows. */
  output: OutputEnd
  /** What it was given. Untrusted. */
  input: unknown
  /** Epoch ms. */
  beganAt: number
}

/** What is known of a tool, from its events. */
export interface ToolFacts {
  promptId: string
  title: string
  kind: string | undefined
  content: readonly Readonly<Record<string, unknown>>[]
  input: unknown
  /** Of the event with which it began to run, epoch ms. */
  beganAt: number
  isRunning: boolean
  /** The event before its first one. */
  afterSeq: number
}

/** The tool with what an event has changed of it. Pure. */
export function updateTool(
  before: ToolFacts | undefined,
  {prompt_id, title, kind, status, content, raw_input}: EventPayload<'tool.call'>,
  {at, seq}: {at: number; seq: number},
): ToolFacts {
  const known = before ?? {
    promptId: prompt_id,
    title: 'tool',
    kind: undefined,
    content: [],
    input: undefined,
    beganAt: at,
    isRunning: false,
    afterSeq: seq - 1,
  }
  // Before that, it waited for an answer.
  const begins = status === 'in_progress' && !known.isRunning
  return {
    ...known,
    ...(title !== undefined && {title: cutLine(toPlainLine(title))}),
    ...(kind !== undefined && {kind}),
    ...(content !== undefined && {content}),
    ...(raw_input !== undefined && {input: raw_input}),
    ...(begins && {beganAt: at, isRunning: true}),
  }
}

/** The terminals that a tool shows, by their ids. Pure. */
export function terminalsOf({content}: Pick<ToolFacts, 'content'>): string[] {
  return content.flatMap(({type, terminalId}) =>
    type === 'terminal' && typeof terminalId === 'string' ? [terminalId] : [],
  )
}

/** The tool as it is shown; `terminals`: the output of its commands. Pure. */
export function showTool(
  {title, kind, content, input, beganAt}: ToolFacts,
  terminals: readonly OutputEnd[],
): ShownTool {
  const texts = content.flatMap((item) =>
    item['type'] === 'content' ? withoutFence(contentLines(item['content'])) : [],
  )
  return {
    title,
    kind,
    command: commandLines(input, title),
    changes: changesOf(content),
    output: {
      lines: [...texts, ...terminals.flatMap(({lines}) => lines)],
      left: terminals.reduce((sum, {left}) => sum + left, 0),
    },
    input,
    beganAt,
  }
}

/** Some agents put what a command printed between the marks of a code block. */
function withoutFence(lines: readonly string[]): readonly string[] {
  const isFenced = lines.length > 1 && /^`{3,}\w*$/.test(lines[0] ?? '') && /^`{3,}$/.test(lines.at(-1) ?? '')
  return isFenced ? lines.slice(1, -1) : lines
}

/** The command that a tool runs, unless its title has it. Pure. */
function commandLines(input: unknown, title: string): readonly string[] {
  const command = commandOf(input)
  return command === undefined || title.includes(toPlainLine(command)) ? [] : linesOf(command)
}
