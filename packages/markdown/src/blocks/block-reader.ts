import {toPlainLines} from '@holdfast/terminal/plain'

import type {Block} from './block.ts'
import {createBlockSplitter, maxBlockLength} from './block-splitter.ts'
import {isUndecided} from './line-kinds.ts'

/** How far tabs go, columns. */
const tabWidth = 4

/** Reads a Markdown text that streams in, block by block. */
export interface BlockReader {
  /** Takes more of the text, which may be split anywhere. */
  add(text: string): void
  /** The text has ended: all of it can be read. */
  end(): void
  /**
   * Reads the next line, or a part of a very long one: the blocks that it has finished, and its length in UTF-16 units. `undefined`:
   * no line is finished.
   */
  read(): {blocks: readonly Block[]; length: number} | undefined
  /** `read` would read something. */
  readonly isBehind: boolean
  /** What is not finished, as the blocks that it would be if the text ended here. */
  unfinished(): readonly Block[]
}

interface Line {
  text: string
  /** With that of its end. */
  length: number
  isWhole: boolean
}

export function createBlockReader(): BlockReader {
  const splitter = createBlockSplitter()
  /** Text that was not read yet, or the line that is not finished. */
  let waiting = ''
  /** The first of `waiting` continues a line. */
  let continues = false
  let isEnded = false
  let hasEnd = false

  const nextLine = (): Line | undefined => {
    const part = waiting.slice(0, maxBlockLength + 1)
    const end = part.indexOf('\n')
    if (end !== -1) return {text: part.slice(0, end), length: end + 1, isWhole: true}
    if (part.length > maxBlockLength) {
      const length = maxBlockLength - (isHighSurrogate(part, maxBlockLength - 1) ? 1 : 0)
      return {text: part.slice(0, length), length, isWhole: false}
    }
    return isEnded && part !== '' ? {text: part, length: part.length, isWhole: true} : undefined
  }

  return {
    add: (text) => void (waiting += text),
    end: () => void (isEnded = true),
    read() {
      const line = nextLine()
      if (line === undefined) {
        if (!isEnded || hasEnd) return undefined
        hasEnd = true
        return {blocks: splitter.end(), length: 0}
      }
      waiting = waiting.slice(line.length)
      const blocks: Block[] = []
      for (const text of linesOf(line.text)) {
        blocks.push(...splitter.add(text, {continues}))
        continues = false
      }
      continues = !line.isWhole
      return {blocks, length: line.length}
    },
    get isBehind() {
      return (isEnded && !hasEnd) || nextLine() !== undefined
    },
    unfinished() {
      if (hasEnd) return []
      const trial = splitter.fork()
      const blocks: Block[] = []
      for (const text of waiting === '' ? [] : linesOf(waiting)) {
        if (!isUndecided(text)) blocks.push(...trial.add(text, {continues}))
      }
      return [...blocks, ...trial.end()]
    },
  }
}

/** Without control characters: a carriage return ends a line, too. */
function linesOf(text: string): string[] {
  return toPlainLines(expandTabs(text.endsWith('\r') ? text.slice(0, -1) : text))
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line
  let expanded = ''
  for (const part of line.split(/(\t)/)) {
    expanded += part === '\t' ? ' '.repeat(tabWidth - (expanded.length % tabWidth)) : part
  }
  return expanded
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0xd800 && code <= 0xdbff
}
