import {cutLine, formatDuration, formatLines, type AgentBlocks, type ShownTool} from '@holdfast/session-view'

import type {Token} from '../../theme/theme.ts'
import type {Canvas} from '../canvas.ts'
import {describeExpansion} from './describe-expansion.ts'
import {drawChange} from './draw-diff.ts'

/** Rows of one diff. */
const maxDiffRows = 40
/** Lines of the output of a tool that is complete; of any other, which the user should look at. */
const [fewLines, moreLines] = [3, 8]
/** A tool that took less needs no duration, ms: an agent calls many, and each that stands out took long. */
export const leastToolMs = 1000

/** What each kind of tool begins with; every sign takes one cell. */
const signs: Readonly<Record<string, string>> = {
  read: '≡',
  edit: '✎',
  delete: '⌫',
  move: '→',
  search: '⌕',
  execute: '$',
  think: '✻',
  fetch: '⇣',
}

export function signOf({kind}: Pick<ShownTool, 'kind'>): string {
  return signs[kind ?? ''] ?? '⚙'
}

/** How a tool ended, by its state. */
const ends: Readonly<Record<string, {token: Token; text: string}>> = {
  completed: {token: 'success', text: ''},
  failed: {token: 'error', text: 'failed'},
  cancelled: {token: 'warning', text: 'cancelled'},
  unknown: {token: 'warning', text: 'outcome unknown'},
  not_run: {token: 'muted', text: 'not run'},
}

/** A tool that has ended: `✎ Edit a.ts · 1.2 s`, and below it what it changed and printed. Pure. */
export function drawTool(block: AgentBlocks['tool'], canvas: Canvas): string[] {
  const {tool, state, exit, durationMs} = block
  const {paint} = canvas
  const {token, text} = ends[state] ?? {token: 'accent', text: state}
  const duration = durationMs < leastToolMs ? '' : formatDuration(durationMs)
  const facts = [
    ...[text, exit ?? ''].filter((fact) => fact !== '').map((fact) => paint(token, fact)),
    ...(duration === '' ? [] : [paint('muted', duration)]),
  ]
  const head = [`${paint(token, signOf(tool))} ${tool.title}`, ...facts].join(paint('muted', ' · '))
  return [
    head,
    ...drawCommand(tool, canvas),
    ...tool.changes.flatMap((change) => drawChange(change, canvas, {maxRows: maxDiffRows})),
    ...drawOutput(block, canvas),
  ]
}

/** The lines of its command. Pure. */
function drawCommand({command, kind}: Pick<ShownTool, 'command' | 'kind'>, {paint}: Canvas): string[] {
  return command.map((line, at) =>
    paint('muted', `  ${at === 0 ? (kind === 'execute' ? '' : '$ ') : ''}${cutLine(line)}`),
  )
}

/** Whether the block leaves lines of the output out. Pure. */
export function leavesOut({tool: {output}, state}: AgentBlocks['tool']): boolean {
  return output.left + output.lines.length > maxLinesOf(state) + 1
}

function maxLinesOf(state: string): number {
  return state === 'completed' ? fewLines : moreLines
}

/** All of a short output; the count of a long one, and its last lines if something went wrong. */
function drawOutput(block: AgentBlocks['tool'], {paint, expandKey}: Canvas): string[] {
  const {lines, left} = block.tool.output
  const draw = (line: string) => paint('muted', `  ${cutLine(line)}`)
  if (!leavesOut(block)) return lines.map(draw)
  const shown = block.state === 'completed' ? [] : lines.slice(-moreLines)
  const count = left + lines.length - shown.length
  return [paint('muted', `  … ${formatLines(count)}${describeExpansion(expandKey, 'them')}`), ...shown.map(draw)]
}
