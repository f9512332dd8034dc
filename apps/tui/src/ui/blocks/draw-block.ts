import {joinHints} from '@holdfast/ink-composer'
import {toListLine, toPlainLines} from '@holdfast/terminal'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {wrapRows} from '@holdfast/terminal/rows'
import {
  describeClosed,
  describeEarlyEnd,
  describeElided,
  describeEnd,
  formatClock,
  formatLines,
  from,
  isStopped,
  withChips,
} from '@holdfast/session-view'

import {drawAsked} from '../agent/draw-asked.ts'
import {drawChanges} from '../agent/draw-diff.ts'
import {drawPlan, drawQuestion, drawThought} from '../agent/draw-notes.ts'
import {drawTool} from '../agent/draw-tool.ts'
import type {Block, Blocks, RunBegun} from './block.ts'
import type {Canvas} from '../canvas.ts'
import {colourLine} from '../../theme/colour-line.ts'
import {withBlanks} from '../unbroken.ts'

/** How each kind of block is drawn, as lines for a terminal. */
const drawers: {readonly [Kind in keyof Blocks]: (block: Blocks[Kind], canvas: Canvas) => readonly string[]} = {
  'run-begin': drawRunBegin,
  'run-end': drawRunEnd,
  collapsed: drawCollapsed,
  // One line at any width: the same one is not written again after a resize.
  elided: (payload, {paint}) => [paint('muted', describeElided(payload))],
  lines: ({lines}) => lines,
  note: drawRemark,
  agent: ({lines}, {paint}) => lines.map((line) => colourLine(line, paint)),
  tool: drawTool,
  thought: drawThought,
  plan: ({entries}, {paint}) => drawPlan(entries, paint),
  changes: drawChanges,
  asked: ({title, tool}, canvas) => [
    '',
    ...toPlainLines(title).map((line) => canvas.paint('strong', line)),
    ...drawAsked(tool, title, canvas).draw(Infinity),
  ],
  question: drawQuestion,
  answer: drawAnswer,
  problem: drawRemark,
  recovery: drawRemark,
  closed: (payload, {paint}) => [paint('warning', describeClosed(payload))],
  left: ({title, isClosed}, canvas) => [
    '',
    ...drawRemark({text: `${isClosed ? 'Closed:' : 'Left, still open:'} ${toListLine(title)}`}, canvas),
  ],
}

/** The lines of a block, without control sequences from untrusted text. Pure. */
export function drawBlock(block: Block, canvas: Canvas): readonly string[] {
  const draw = drawers[block.kind] as (block: Block, canvas: Canvas) => readonly string[]
  return draw(block, canvas)
}

/** Wrapped at words; a command is left to the terminal to wrap, from which it is copied as one line. */
function drawRemark({text}: {text: string}, {columns, paint}: Canvas): string[] {
  const rows = wrapRows(toPlainLines(text).join('\n'), columns, {hard: false})
  return rows.map((row) => paint('muted', withBlanks(row)))
}

/** The line of the command, and its answer; an empty line before each heading but the first one. */
function drawAnswer({parts, command}: Blocks['answer'], canvas: Canvas): string[] {
  const {paint} = canvas
  const first = command === undefined ? [''] : drawRunBegin({text: command}, canvas)
  const drawn = parts.map(({heading, text}) => [
    ...(heading === undefined ? [] : [paint('strong', heading)]),
    ...drawRemark({text}, canvas),
  ])
  return [...first, ...drawn.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))]
}

/** `❯ command     ~/src (main)  14:02` on a band, after an empty line. */
function drawRunBegin({text, begun, isForAgent}: Blocks['run-begin'], canvas: Canvas): string[] {
  const {columns, paint} = canvas
  const rows = toPlainLines(text).map((line, index) => {
    const parts = isForAgent === true ? withChips(line) : [{text: line, isChip: false}]
    const shown = parts.map((part) => paint(part.isChip ? 'link' : 'strong', part.text)).join('')
    const room = columns - parts.reduce((width, part) => width + stringWidth(part.text), 0) - 2
    const beside = index > 0 || begun === undefined ? '' : describeBegun(begun, room - 3, canvas)
    const gap = beside === '' ? '' : ' '.repeat(room - stringWidth(beside) - 1)
    const row = `${paint('accent', index === 0 ? '❯' : '…')} ${shown}${gap}${paint('muted', beside)}`
    return paint('band', row + toEndOfLine)
  })
  return ['', ...rows]
}

/** Erases to the end of the line: the band goes on there, without spaces that would be copied. */
const toEndOfLine = '\u001b[K'

/** A longer folder is cut, cells: what stands at the right edge is on two rows when the terminal gets narrower. */
const longestFolder = 32

/** Where, who and when, as far as it fits; time last. */
function describeBegun(
  {at, by, folder, branch}: RunBegun,
  columns: number,
  {showFolder = (path) => path}: Canvas,
): string {
  const time = `${by === undefined ? '' : `${from({by}).trimStart()}  `}${formatClock(at, Date.now())}`
  const where =
    folder === undefined ? '' : cliTruncate(toListLine(showFolder(folder)), longestFolder, {position: 'start'})
  const texts = [
    ...(where !== '' && branch !== undefined ? [`${where} (${toListLine(branch)})  ${time}`] : []),
    ...(where === '' ? [] : [`${where}  ${time}`]),
    time,
  ]
  return texts.find((text) => stringWidth(text) <= columns) ?? ''
}

/** `✓ 1.2 s · → ~/src`, wrapped at words behind its sign. */
function drawRunEnd(payload: Blocks['run-end'], {columns, paint, ...options}: Canvas): string[] {
  const {status, reason, exit_code} = payload
  const isUncertain =
    status === 'interrupted' ||
    reason === 'exit-status-unknown' ||
    isStopped(payload) ||
    describeEarlyEnd(payload) !== undefined
  const token = isUncertain ? 'warning' : status === 'complete' && !exit_code ? 'success' : 'error'
  const text = describeEnd(payload, options)
  const sign = text.slice(0, 1)
  const rows = wrapRows(text.slice(2), columns - 2, {hard: false})
  return rows.map((row, index) => {
    const line = `${index === 0 ? sign : ' '} ${row}`.trimEnd()
    // A success is quiet: its sign says all.
    return token === 'success' ? paint(token, line.slice(0, 1)) + paint('muted', line.slice(1)) : paint(token, line)
  })
}

/** `… 4,812 lines collapsed · Ctrl-] expands them` */
function drawCollapsed({lines, key}: Blocks['collapsed'], {paint}: Canvas): string[] {
  const expands = key === undefined ? undefined : `${key} expands ${lines === 1 ? 'it' : 'them'}`
  return [paint('muted', joinHints(`… ${formatLines(lines)} collapsed`, expands))]
}
