import type {Block} from './blocks/block.ts'
import {createBlockReader} from './blocks/block-reader.ts'
import {drawCode, drawText} from './draw/draw-block.ts'
import type {TableWidths} from './draw/draw-table.ts'
import {createHighlighter, type CodeReader} from './highlight/highlighter.ts'
import type {MarkdownStyle} from './style.ts'

export interface MarkdownOptions {
  /** Of the terminal, cells. */
  columns: number
  /** @default plain text */
  style?: MarkdownStyle
  /** Links are OSC 8 sequences; otherwise the address follows the text. @default false */
  hyperlinks?: boolean
  /** A line feed in a paragraph ends the row, as in a chat; otherwise it is a blank, as in a document. @default false */
  breaks?: boolean
  /** Called when a language of a block of code has been loaded: there may be lines now. @default ignored */
  onChange?: () => void
}

/** A Markdown text on its way to a terminal. */
export interface MarkdownRenderer {
  /** Takes more of the text, which may be split anywhere. */
  add(text: string): void
  /** The text has ended: all of it can be taken. */
  end(): void
  /** Lines that will not change any more; each is returned once. One call reads at most 16 KiB of the text. */
  takeLines(): string[]
  /** More can be taken, at once or, while a language is loaded, when `onChange` is called. */
  readonly isBehind: boolean
  /** The last rows of the unfinished block, at most `rows`. */
  view(rows: number): readonly string[]
  /** What is not taken yet is wrapped to this width. */
  resize(columns: number): void
  /** Resolves when no language is being loaded. */
  readonly settled: Promise<void>
}

/** UTF-16 units that one call reads: about 20 ms. */
const maxStep = 16_384

interface Drawing {
  table: TableWidths
  code: CodeReader | undefined
}

/** Turns Markdown into lines while it streams in. What is finished is drawn once, so the time is proportional to the text. */
export function createMarkdownRenderer(options: MarkdownOptions): MarkdownRenderer {
  const {style = {}, hyperlinks = false, breaks = false, onChange = () => {}} = options
  let {columns} = options
  const reader = createBlockReader()
  const highlighter = createHighlighter(() => {
    shown = undefined
    onChange()
  })
  const drawing: Drawing = {table: {widths: undefined}, code: undefined}
  /** Blocks behind code whose language is being loaded. */
  let held: readonly Block[] = []
  /** The last view. */
  let shown: {rows: readonly string[]; room: number} | undefined

  /** `undefined`: its language is being loaded; with `maxColumns`, it is drawn without it, and wrapped. */
  const draw = (block: Block, from: Drawing, maxColumns?: number): string[] | undefined => {
    if (block.kind === 'text') return drawText(block, {columns, style, hyperlinks, breaks, table: from.table})
    if (block.isFirst) from.code = highlighter.open(block.language)
    const spans = from.code?.read(block.line)
    if (spans === undefined && maxColumns === undefined) return undefined
    return drawCode(block, spans ?? [{text: block.line, part: undefined}], style, maxColumns)
  }

  const drawAll = (blocks: readonly Block[], lines: string[]) => {
    for (const [at, block] of blocks.entries()) {
      const drawn = draw(block, drawing)
      if (drawn === undefined) return void (held = blocks.slice(at))
      for (const line of drawn) lines.push(line)
    }
  }
  const drawHeld = (lines: string[]) => {
    const blocks = held
    held = []
    drawAll(blocks, lines)
  }

  return {
    add(text) {
      reader.add(text)
      shown = undefined
    },
    end: reader.end,
    takeLines() {
      const lines: string[] = []
      drawHeld(lines)
      for (let room = maxStep; room > 0 && held.length === 0;) {
        const read = reader.read()
        if (read === undefined) break
        room -= read.length
        drawAll(read.blocks, lines)
      }
      if (lines.length > 0) shown = undefined
      return lines
    },
    get isBehind() {
      return held.length > 0 || reader.isBehind
    },
    view(rows) {
      if (shown?.room === rows) return shown.rows
      // What is waiting behind code is not drawn without it.
      const blocks = held.length > 0 ? held : this.isBehind ? [] : reader.unfinished()
      const from = {table: {...drawing.table}, code: drawing.code?.fork()}
      const drawn: string[] = []
      for (const block of blocks) drawn.push(...(draw(block, from, columns) ?? []))
      shown = {rows: drawn.slice(-rows), room: rows}
      return shown.rows
    },
    resize(next) {
      columns = next
      shown = undefined
    },
    get settled() {
      return highlighter.settled
    },
  }
}
