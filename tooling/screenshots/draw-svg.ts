import {dark, light, toCss, variablesOf} from './palette.ts'
import type {Cell, Style} from './read-cells.ts'

/** What a terminal showed at one moment. */
export interface Screenshot {
  /** Drawn above the window. */
  caption?: string
  rows: readonly (readonly Cell[])[]
}

export interface PictureOptions {
  /** The description for screen readers. */
  title: string
  /** Columns of the terminal. */
  cols: number
  /** @default that which the reader prefers */
  palette?: 'dark' | 'light'
}

/** All in pixels. */
const cell = {width: 8.4, height: 18, size: 14, baseline: 13.5} as const
const margin = 16
const titleBar = 30
const captionHeight = 30
const gap = 14
const fonts = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

/** Draws windows one below the other, in the reader's light or dark colours. The same screenshots give the same text. */
export function drawSvg(screenshots: readonly Screenshot[], {title, cols, palette}: PictureOptions): string {
  const width = round(cols * cell.width + 2 * margin)
  let height = -gap
  const windows = screenshots.map((screenshot) => {
    const window = drawWindow(screenshot, width, height + gap)
    height = window.bottom
    return window.text
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
<title>${escape(title)}</title>
<style>
svg{${variablesOf(palette === 'light' ? light : dark)}}${palette === undefined ? `\n@media (prefers-color-scheme:light){svg{${variablesOf(light)}}}` : ''}
text{font:${cell.size}px ${fonts};fill:var(--foreground);white-space:pre}
.caption{fill:var(--muted)}
</style>
${windows.join('\n')}
</svg>
`
}

function drawWindow({caption, rows}: Screenshot, width: number, top: number): {text: string; bottom: number} {
  const windowTop = caption === undefined ? top : top + captionHeight
  const height = titleBar + rows.length * cell.height + margin
  const text = [
    caption === undefined ? [] : `<text class="caption" x="4" y="${top + 20}">${escape(caption)}</text>`,
    `<rect x="0.5" y="${windowTop + 0.5}" width="${width - 1}" height="${height - 1}" rx="8" fill="var(--background)" stroke="var(--frame)"/>`,
    [20, 36, 52].map((x) => `<circle cx="${x}" cy="${windowTop + 15}" r="4.5" fill="var(--frame)"/>`),
    rows.flatMap((row, index) => drawRow(row, windowTop + titleBar + index * cell.height)),
  ]
  return {text: text.flat().join('\n'), bottom: windowTop + height}
}

function drawRow(row: readonly Cell[], top: number): string[] {
  return toSpans(row).flatMap(({text, column, width, style}) => {
    const left = round(margin + column * cell.width)
    const length = round(width * cell.width)
    const parts: string[] = []
    if (style.background !== undefined) {
      parts.push(
        `<rect x="${left}" y="${round(top)}" width="${length}" height="${cell.height}" fill="${toCss(style.background)}"/>`,
      )
    }
    if (text.trim() !== '') {
      // `textLength` makes all columns equally wide, whatever font the reader has.
      const place = `x="${left}" y="${round(top + cell.baseline)}" textLength="${length}" lengthAdjust="spacingAndGlyphs"`
      parts.push(`<text ${place}${attributesOf(style)}>${escape(text)}</text>`)
    }
    return parts
  })
}

interface Span {
  text: string
  column: number
  width: number
  style: Style
  isAscii: boolean
}

/** Joins neighbours of one style. Other characters than ASCII are joined only with the same one, as in a rule: fonts differ in their width. */
function toSpans(row: readonly Cell[]): Span[] {
  const spans: Span[] = []
  let column = 0
  for (const {text, width, style} of row) {
    const isAscii = /^[\u0020-\u007e]$/.test(text)
    const last = spans.at(-1)
    const isSame = last?.text.endsWith(text) === true && !last.isAscii
    if (
      last !== undefined &&
      ((last.isAscii && isAscii) || isSame) &&
      JSON.stringify(last.style) === JSON.stringify(style)
    ) {
      last.text += text
      last.width += width
    } else {
      spans.push({text, column, width, style, isAscii})
    }
    column += width
  }
  return spans
}

function attributesOf({foreground, bold, dim, italic, underline, strikethrough}: Style): string {
  const lines = [underline && 'underline', strikethrough && 'line-through'].filter(Boolean).join(' ')
  return [
    foreground !== undefined && ` style="fill:${toCss(foreground)}"`,
    bold && ' font-weight="bold"',
    dim && ' opacity="0.6"',
    italic && ' font-style="italic"',
    lines && ` text-decoration="${lines}"`,
  ]
    .filter(Boolean)
    .join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
