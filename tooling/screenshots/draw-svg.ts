import {cssOf, dark, light, variablesOf} from './palette.ts'
import type {Cell, Style} from './read-cells.ts'

/** A terminal as it was seen at a moment. */
export interface Shot {
  /** Stands above it. */
  caption?: string
  rows: readonly (readonly Cell[])[]
}

export interface PictureOptions {
  /** What a person hears who cannot see it. */
  title: string
  /** Places in a row. */
  cols: number
}

const cell = {width: 8.4, height: 18, size: 14, baseline: 13.5} as const
const margin = 16
const bar = 30
const captionHeight = 30
const gap = 14
const fonts = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

/** Terminals one below the other, light or dark as their reader likes it. The same shots give the same text. */
export function drawSvg(shots: readonly Shot[], {title, cols}: PictureOptions): string {
  const width = round(cols * cell.width + 2 * margin)
  let top = 0
  const windows = shots.map((shot, index) => {
    if (index > 0) top += gap
    const {text, height} = drawWindow(shot, width, top)
    top += height
    return text
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" role="img" xml:space="preserve">
<title>${escape(title)}</title>
<style>
svg{${variablesOf(dark)}}
@media (prefers-color-scheme:light){svg{${variablesOf(light)}}}
text{font:${cell.size}px ${fonts};fill:var(--foreground);white-space:pre}
.caption{fill:var(--muted)}
</style>
${windows.join('\n')}
</svg>
`
}

function drawWindow({caption, rows}: Shot, width: number, top: number): {text: string; height: number} {
  const above = caption === undefined ? 0 : captionHeight
  const height = bar + rows.length * cell.height + margin
  const frame = `<rect x="0.5" y="${top + above + 0.5}" width="${width - 1}" height="${height - 1}" rx="8" fill="var(--background)" stroke="var(--frame)"/>`
  const dots = [0, 1, 2].map(
    (index) => `<circle cx="${margin + 4 + index * 16}" cy="${top + above + 15}" r="4.5" fill="var(--frame)"/>`,
  )
  const words = caption === undefined ? [] : [`<text class="caption" x="4" y="${top + 20}">${escape(caption)}</text>`]
  const cells = rows.flatMap((row, index) => drawRow(row, top + above + bar + index * cell.height))
  return {text: [...words, frame, ...dots, ...cells].join('\n'), height: above + height}
}

function drawRow(row: readonly Cell[], top: number): string[] {
  return runsOf(row).flatMap(({text, column, width, style}) => {
    const left = round(margin + column * cell.width)
    const length = round(width * cell.width)
    const back =
      style.background === undefined
        ? []
        : [
            `<rect x="${left}" y="${round(top)}" width="${length}" height="${cell.height}" fill="${cssOf(style.background)}"/>`,
          ]
    if (text.trim() === '') return back
    // Whatever font the reader has, a place is as wide as the next one.
    const place = `x="${left}" y="${round(top + cell.baseline)}" textLength="${length}" lengthAdjust="spacingAndGlyphs"`
    return [...back, `<text ${place}${attributesOf(style)}>${escape(text)}</text>`]
  })
}

interface Run {
  text: string
  column: number
  width: number
  style: Style
}

/** Neighbours of one style are one text. Where fonts differ in width, a place has a text of its own. */
function runsOf(row: readonly Cell[]): Run[] {
  const runs: (Run & {isPlain: boolean})[] = []
  let column = 0
  for (const {text, width, style} of row) {
    const isPlain = /^[\u0020-\u007e]$/.test(text)
    const last = runs.at(-1)
    const isSame = last !== undefined && JSON.stringify(last.style) === JSON.stringify(style)
    if (isSame && last.isPlain && isPlain) {
      last.text += text
      last.width += width
    } else {
      runs.push({text, column, width, style, isPlain})
    }
    column += width
  }
  return runs
}

function attributesOf({foreground, bold, dim, italic, underline, strikethrough}: Style): string {
  const lines = [underline && 'underline', strikethrough && 'line-through'].filter(Boolean).join(' ')
  return [
    foreground === undefined ? '' : ` style="fill:${cssOf(foreground)}"`,
    bold ? ' font-weight="bold"' : '',
    dim ? ' opacity="0.6"' : '',
    italic ? ' font-style="italic"' : '',
    lines === '' ? '' : ` text-decoration="${lines}"`,
  ].join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
