import type {Block} from './block.ts'
import type {OutputLine} from './output-lines.ts'

/** A line that a search has found: its event, and its text. */
export interface FoundLine {
  seq: number
  text: string
}

/** Blocks that are searched: a prompt is found at the event that queued it, but its block begins when it starts. */
const blocksAhead = 3

/** The index of the block that shows the line; `-1` where its event is not among them. Pure. */
export function findBlock(blocks: readonly Block[], firstSeq: number | undefined, {seq, text}: FoundLine): number {
  if (firstSeq === undefined || firstSeq > seq) return -1
  const begins = blocks.map(({id}) => Number.parseInt(id, 10))
  const at = Math.max(0, begins.indexOf(begins.findLast((begin) => begin <= seq) ?? -1))
  const ahead = blocks.slice(at, at + blocksAhead).findIndex((block) => hasLine(block, text))
  return blocks.length === 0 ? -1 : at + Math.max(0, ahead)
}

/** The index of the line in an output; `-1` where a program has drawn over it. Pure. */
export function findLine(lines: readonly OutputLine[], text: string): number {
  return lines.findIndex(({segments}) => has(segments.map((segment) => segment.text).join(''), text))
}

function hasLine(block: Block, text: string): boolean {
  if (block.kind === 'prompt' || block.kind === 'note') return has(block.text, text)
  return block.kind === 'output' && findLine(block.output.lines, text) >= 0
}

function has(line: string, text: string): boolean {
  return text.trim() !== '' && line.includes(text.trim())
}
