import type {Block, Placement} from './block.ts'
import {
  closesFence,
  endsParagraph,
  isDelimiterRow,
  isHeading,
  isQuote,
  isUnderline,
  isWholeBlock,
  readFence,
  readItem,
  signOf,
  type Fence,
} from './line-kinds.ts'

/** A longer paragraph, quote or table is drawn in parts: lines, and UTF-16 units. Parsers take quadratic time for some texts. */
const maxBlockLines = 40
export const maxBlockLength = 4096

/** Lists in lists, and quotes in quotes; deeper ones are drawn at this level. */
const maxDepth = 8

interface OpenItem {
  type: string
  number: number
  marker: string
  isDrawn: boolean
  /** The column of its text. */
  offset: number
}

interface OpenBlock {
  lines: string[]
  length: number
  isRest: boolean
  isInline: boolean
}

interface State {
  items: OpenItem[]
  /** The item that ended last, if the next one may continue its list. */
  last: OpenItem | undefined
  /** The paragraph, quote or table that is not finished. */
  open: OpenBlock | undefined
  /** Blank lines wait: those at the end of indented code are none of it. */
  code: {fence: Fence | undefined; isFirst: boolean; blankLines: number} | undefined
  hasGap: boolean
  isFirst: boolean
}

/** Cuts a Markdown text into blocks, line by line. The same lines give the same blocks, in whatever pieces the text arrives. */
export interface BlockSplitter {
  /** Takes a line without control characters. `continues`: it is a later part of a very long line. */
  add(line: string, options?: {continues?: boolean}): Block[]
  /** The blocks that are not finished. Add nothing after it. */
  end(): Block[]
  /** One in the same state, that can be tried. */
  fork(): BlockSplitter
  readonly isInCode: boolean
}

const start: State = {items: [], last: undefined, open: undefined, code: undefined, hasGap: false, isFirst: true}

export function createBlockSplitter(from: State = start): BlockSplitter {
  const state = structuredClone(from)
  let blocks: Block[] = []

  const offset = () => state.items.at(-1)?.offset ?? 0

  const place = (): Placement => {
    const markers = state.items.map(({isDrawn, marker}) => (isDrawn ? ' '.repeat(marker.length) : marker)).join('')
    const placement = {hasGap: state.hasGap && !state.isFirst, markers, indent: markers.length}
    for (const item of state.items) item.isDrawn = true
    state.hasGap = state.isFirst = false
    return placement
  }
  const putText = (source: string, {isRest, isInline} = {isRest: false, isInline: false}) => {
    blocks.push({kind: 'text', source, isRest, isInline, ...place()})
  }
  const endOpen = () => {
    const {open} = state
    state.open = undefined
    if (open !== undefined) putText(open.lines.join('\n'), open)
  }
  const endItem = () => {
    if (state.items.at(-1)?.isDrawn === false) putText('')
    state.last = state.items.pop()
  }

  const putCode = (code: NonNullable<State['code']>, line: string) => {
    const {isFirst, fence} = code
    blocks.push({kind: 'code', language: fence?.language ?? '', line, isFirst, ...place()})
    code.isFirst = false
  }
  /** Returns false if the line is none of the code. */
  const addCode = (code: NonNullable<State['code']>, line: string, indent: number, isBlank: boolean): boolean => {
    if (!isBlank && indent < offset() + (code.fence === undefined ? 4 : 0)) {
      state.hasGap ||= code.blankLines > 0
      return false
    }
    const text = line.slice(offset())
    if (code.fence === undefined) {
      if (isBlank) code.blankLines++
      else {
        for (; code.blankLines > 0; code.blankLines--) putCode(code, '')
        putCode(code, text.slice(4))
      }
    } else if (closesFence(code.fence, text)) state.code = undefined
    else putCode(code, text.slice(Math.min(code.fence.indent, text.search(/\S|$/))))
    return true
  }

  const begin = (text: string, {isInline = false} = {}) => {
    state.open = {lines: [], length: 0, isRest: isInline, isInline}
    extend(text)
  }
  const extend = (text: string) => {
    const {open} = state
    if (open === undefined) return
    if (open.lines.length >= maxBlockLines || open.length + text.length > maxBlockLength) {
      const {lines} = open
      endOpen()
      const head = isDelimiterRow(lines[1] ?? '') && lines.length > 2 ? lines.slice(0, 2) : []
      state.open = {lines: head, length: head.join('').length, isRest: true, isInline: open.isInline}
    }
    state.open?.lines.push(text)
    if (state.open !== undefined) state.open.length += text.length
  }

  const beginItem = (line: string): string | undefined => {
    const item = state.items.length < maxDepth ? readItem(line) : undefined
    if (item === undefined) return undefined
    const {last} = state
    const number = last?.type === item.type ? last.number + 1 : (item.number ?? 0)
    const sign = `${signOf(item.isChecked)} `
    const numbered = `${number}${item.type} ${item.isChecked === undefined ? '' : sign}`
    const marker = item.number === undefined ? sign : numbered
    state.items.push({type: item.type, number, marker, isDrawn: false, offset: offset() + item.width})
    state.last = undefined
    return item.text
  }

  /** A line that continues nothing, without the indentation of its item. */
  const beginBlock = (text: string) => {
    for (let rest: string | undefined = text; rest !== undefined; rest = beginItem(text)) text = rest
    if (text.trim() === '') return
    state.last = undefined
    const fence = readFence(text)
    if (text.startsWith('    ')) {
      state.code = {fence: undefined, isFirst: true, blankLines: 0}
      putCode(state.code, text.slice(4))
    } else if (fence !== undefined) state.code = {fence, isFirst: true, blankLines: 0}
    else if (isWholeBlock(text)) {
      state.hasGap ||= isHeading(text) && state.items.length === 0
      putText(text)
    } else begin(isQuote(text) ? boundQuotes(text) : text)
  }

  const addLine = (line: string) => {
    const indent = line.search(/\S|$/)
    const isBlank = indent === line.length
    if (state.code !== undefined) {
      if (addCode(state.code, line, indent, isBlank)) return
      state.code = undefined
    }
    if (isBlank) {
      endOpen()
      state.hasGap = true
      return
    }
    if (state.open !== undefined) {
      const text = indent >= offset() ? line.slice(offset()) : line.trimStart()
      const isInQuote = isQuote(state.open.lines[0] ?? '')
      if (isInQuote && isQuote(text)) return extend(boundQuotes(text))
      if (!isInQuote && indent >= offset() && isUnderline(text)) {
        extend(text)
        return endOpen()
      }
      if (!endsParagraph(text, {isInList: state.items.length > 0})) return extend(text)
      endOpen()
    }
    while (state.items.length > 0 && indent < offset()) endItem()
    beginBlock(line.slice(offset()))
  }

  const take = (): Block[] => {
    const taken = blocks
    blocks = []
    return taken
  }

  return {
    add(line, {continues = false} = {}) {
      if (!continues) addLine(line)
      else if (state.code !== undefined) putCode(state.code, line)
      else {
        endOpen()
        begin(line, {isInline: true})
      }
      return take()
    },
    end() {
      endOpen()
      if (state.items.at(-1)?.isDrawn === false) putText('')
      return take()
    },
    fork: () => createBlockSplitter(state),
    get isInCode() {
      return state.code?.fence !== undefined
    },
  }
}

/** A line of a quote with at most `maxDepth` marks. */
function boundQuotes(line: string): string {
  const marks = /^[ >]*/.exec(line)?.[0] ?? ''
  const count = marks.split('>').length - 1
  return count <= maxDepth ? line : '> '.repeat(maxDepth) + line.slice(marks.length)
}
