import {styleText} from 'node:util'
import {toListLine, toPlainLines} from '@holdfast/terminal'
import {wrapRows} from '@holdfast/terminal/rows'

import {colourLine} from '../../format/agent/agent-line.ts'
import {describeEarlyEnd, describeElided, describeEnd, isStopped} from '../../format/outcomes.ts'
import {formatLines} from '../../format/quantities.ts'
import type {Block, Blocks} from './block.ts'

/** How each kind of block is drawn, as lines for a terminal. */
const drawers: {readonly [Kind in keyof Blocks]: (block: Blocks[Kind], columns: number) => readonly string[]} = {
  'run-begin': drawRunBegin,
  'run-end': drawRunEnd,
  collapsed: drawCollapsed,
  elided: (payload) => drawRemark(describeElided(payload)),
  lines: ({lines}) => lines,
  // Left to the terminal to wrap, as `show` prints it.
  note: ({text}) => drawRemark(text),
  agent: ({lines}) => lines.map(colourLine),
  answer: ({text}) => ['', ...drawRemark(text)],
  recovery: drawWrapped,
  closed: () => [styleText('yellow', 'The session was closed.')],
  left: ({title, isClosed}) =>
    drawRemark(`${isClosed ? 'Closed:' : 'Left, still open:'} ${toListLine(title)}`).flatMap((line) => ['', line]),
}

/** The lines of a block for a terminal of `columns` cells, without control sequences from untrusted text. Pure. */
export function drawBlock(block: Block, columns: number): readonly string[] {
  const draw = drawers[block.kind] as (block: Block, columns: number) => readonly string[]
  return draw(block, columns)
}

function drawRemark(text: string): string[] {
  return toPlainLines(text).map((line) => styleText('dim', line))
}

/** The same, wrapped at words. */
function drawWrapped({text}: {text: string}, columns: number): string[] {
  return drawRemark(wrapRows(toPlainLines(text).join('\n'), columns, {hard: false}).join('\n'))
}

/** `❯ command`, after an empty line. */
function drawRunBegin({text}: Blocks['run-begin']): string[] {
  const lines = toPlainLines(text).map(
    (line, index) => `${styleText('cyan', index === 0 ? '❯' : '…')} ${styleText('bold', line)}`,
  )
  return ['', ...lines]
}

/** `✓ 1.2 s` */
function drawRunEnd(payload: Blocks['run-end']): string[] {
  const {status, reason, exit_code} = payload
  const isUncertain =
    status === 'interrupted' ||
    reason === 'exit-status-unknown' ||
    isStopped(payload) ||
    describeEarlyEnd(payload) !== undefined
  const color = isUncertain ? 'yellow' : status === 'complete' && !exit_code ? 'green' : 'red'
  return [styleText(color, describeEnd(payload))]
}

/** `… 4,812 lines collapsed · Ctrl-] expands them` */
function drawCollapsed({lines, key}: Blocks['collapsed']): string[] {
  return [styleText('dim', `… ${formatLines(lines)} collapsed · ${key} expands ${lines === 1 ? 'it' : 'them'}`)]
}
