import stringWidth from 'string-width'

import type {Style} from '../style.ts'

/** A piece of text that is drawn in one way. */
export interface Span {
  text: string
  /** Innermost first. */
  styles: readonly Style[]
  /** Where it leads, checked. */
  url?: string | undefined
  /** Its blanks count, as those of code. */
  isExact?: boolean
}

/** Between two rows of a text, where its author wants them. */
export const lineBreak = Symbol('line break')

/** The cells of a text that has no control characters. */
export function widthOf(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text)
}

/** `string-width` looks at each grapheme: 50 times the time. */
function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text)
}

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** A text in pieces of one column each, or two. */
function* cellsOf(text: string): Iterable<string> {
  if (isAscii(text)) yield* text
  else for (const {segment} of graphemes.segment(text)) yield segment
}

/** Punctuation with which no row begins. */
const closing = /^[、。，．）」』】〕！？；：・ー]/u
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，．（）「」『』【】！？；：・ー]/u

/** The words of a text and the blanks between them: each ideograph is a word, as a row may end after it. */
function piecesOf({text, isExact}: Span): string[] {
  const words = text.match(/[ \n]+|[^ \n]+/g) ?? []
  return words.flatMap((word) => {
    if (/^[ \n]/.test(word)) return isExact === true ? word.replaceAll('\n', ' ') : ' '
    if (!wide.test(word)) return word
    const pieces: string[] = []
    let isApart = true
    for (const cell of cellsOf(word)) {
      const isWide = wide.test(cell)
      if (pieces.length === 0 || ((isWide || isApart) && !closing.test(cell))) pieces.push(cell)
      else pieces[pieces.length - 1] += cell
      isApart = isWide
    }
    return pieces
  })
}

/** Wraps spans to rows of at most `columns` cells, at words; a word that is wider than a row is broken. */
export function wrapSpans(spans: readonly (Span | typeof lineBreak)[], columns: number): Span[][] {
  const rows: Span[][] = []
  let row: Span[] = []
  let used = 0
  let blank: Span | undefined
  let word: Span[] = []
  let wordWidth = 0

  const endRow = () => {
    rows.push(row)
    row = []
    used = 0
    blank = undefined
  }
  const put = (span: Span, width: number) => {
    row.push(span)
    used += width
  }
  const breakWord = () => {
    for (const span of word) {
      let text = ''
      for (const cell of cellsOf(span.text)) {
        const width = widthOf(cell)
        if (used + width > columns && used > 0) {
          if (text !== '') row.push({...span, text})
          text = ''
          endRow()
        }
        text += cell
        used += width
      }
      if (text !== '') row.push({...span, text})
    }
  }
  const endWord = () => {
    if (word.length === 0) return
    const blankWidth = blank?.text.length ?? 0
    if (used > 0 && used + blankWidth + wordWidth > columns) endRow()
    else if (blank !== undefined && used + blankWidth < columns) put(blank, blankWidth)
    blank = undefined
    if (wordWidth > columns) breakWord()
    else for (const span of word) put(span, widthOf(span.text))
    word = []
    wordWidth = 0
  }

  for (const span of spans) {
    if (span === lineBreak) {
      endWord()
      endRow()
      continue
    }
    const pieces = piecesOf(span)
    for (const [index, text] of pieces.entries()) {
      if (text.startsWith(' ')) {
        endWord()
        if (used > 0) blank ??= {...span, text}
        continue
      }
      // Two words of one span without a blank between them are ideographs.
      if (index > 0 && !pieces[index - 1]!.startsWith(' ')) endWord()
      word.push({...span, text})
      wordWidth += widthOf(text)
    }
  }
  endWord()
  if (row.length > 0 || rows.length === 0) endRow()
  return rows
}

export function drawSpans(spans: readonly Span[]): string {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last !== undefined && last.styles === span.styles && last.url === span.url) last.text += span.text
    else joined.push({...span})
  }
  return joined.map(drawSpan).join('')
}

function drawSpan({text, styles, url}: Span): string {
  const styled = styles.reduce((drawn, style) => style(drawn), text)
  return url === undefined ? styled : `\u001b]8;;${url}\u001b\\${styled}\u001b]8;;\u001b\\`
}

export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, {text}) => sum + widthOf(text), 0)
}
