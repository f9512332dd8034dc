import {styleText} from 'node:util'
import {toPlainLine, toPlainLines} from '@holdfast/terminal'

import {describeAttached, describeElided} from '../../format/outcomes.ts'
import type {Block, Blocks} from './block.ts'
import {drawFolded, drawRunBegin, drawRunEnd} from './run-block.ts'

/** The one place that says how each kind of block looks: as lines that may go to a terminal. */
const drawers: {readonly [Kind in keyof Blocks]: (block: Blocks[Kind]) => readonly string[]} = {
  'run-begin': drawRunBegin,
  'run-end': drawRunEnd,
  folded: drawFolded,
  elided: (payload) => drawRemark(describeElided(payload)),
  lines: ({lines}) => lines,
  attached: (payload) => drawRemark(describeAttached(payload)),
  note: ({text}) => drawRemark(text),
  answer: ({text}) => ['', ...drawRemark(text)],
  recovery: ({text}) => drawRemark(text),
  closed: () => [styleText('yellow', 'The session was closed.')],
  left: ({title, isClosed}) =>
    drawRemark(`${isClosed ? 'That was' : 'Left, and goes on:'} ${toPlainLine(title)}`).flatMap((line) => ['', line]),
}

/** The lines of a block. Nothing in it that comes from others is obeyed by a terminal. Pure. */
export function drawBlock(block: Block): readonly string[] {
  const draw = drawers[block.kind] as (block: Block) => readonly string[]
  return draw(block)
}

function drawRemark(text: string): string[] {
  return toPlainLines(text).map((line) => styleText('dim', line))
}
