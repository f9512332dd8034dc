import {
  cutLine,
  formatDuration,
  formatLines,
  leastToolMs,
  toolEnd,
  toolOutput,
  toolSign,
  type AgentBlocks,
  type ShownTool,
} from '@holdfast/session-view'

import type {Canvas} from '../canvas.ts'
import {describeExpansion} from './describe-expansion.ts'
import {drawChange} from './draw-diff.ts'

/** Rows of one diff. */
const maxDiffRows = 40

/** A tool that has ended: `✎ Edit a.ts · 1.2 s`, and below it what it changed and printed. Pure. */
export function drawTool(block: AgentBlocks['tool'], canvas: Canvas): string[] {
  const {tool, exit, durationMs} = block
  const {paint} = canvas
  const {tone, text} = toolEnd(block)
  const duration = durationMs < leastToolMs ? '' : formatDuration(durationMs)
  const facts = [
    ...[text, exit ?? ''].filter((fact) => fact !== '').map((fact) => paint(tone, fact)),
    ...(duration === '' ? [] : [paint('muted', duration)]),
  ]
  const head = [`${paint(tone, toolSign(tool))} ${tool.title}`, ...facts].join(paint('muted', ' · '))
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

/** All of a short output; the count of a long one, and its last lines if something went wrong. */
function drawOutput(block: AgentBlocks['tool'], {paint, expandKey}: Canvas): string[] {
  const {lines, left} = toolOutput(block)
  const shown = lines.map((line) => paint('muted', `  ${cutLine(line)}`))
  return left === 0
    ? shown
    : [paint('muted', `  … ${formatLines(left)}${describeExpansion(expandKey, 'them')}`), ...shown]
}
