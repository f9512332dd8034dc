import {escapeMarkup} from './escape-markup.ts'
import {paintOf, readersPaint, type Paint, type Theme} from './paint.ts'
import {expectDrawable, type PictureScreen} from './screen.ts'
import {cell, drawFrame, drawRow, windowSize} from './window.ts'

export interface Shot {
  screen: PictureScreen
  /** Drawn above the window. */
  caption?: string
}

export interface SvgOptions {
  /** The description for screen readers. */
  title: string
  /** @default that which each reader prefers */
  theme?: Theme | undefined
  /** Without a theme: the colours of a program, `#rrggbb` in lower case, that have another one in its place for readers who prefer light. */
  lightColors?: ReadonlyMap<string, string>
}

const captionHeight = 30
const gap = 14
const fonts = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

/**
 * Draws screens as windows, one below the other. The text stays text. The same screens give the same picture. Throws a `RangeError` for a
 * screen of more than 1000 columns or 160,000 cells.
 */
export function drawSvg(shots: readonly Shot[], {title, theme, lightColors}: SvgOptions): string {
  const readers = theme === undefined ? readersPaint(lightColors) : undefined
  const paint = readers ?? paintOf(theme!)
  let [width, height] = [0, -gap]
  const windows = shots.map(({screen, caption}) => {
    expectDrawable(screen)
    const top = height + gap
    const windowTop = caption === undefined ? top : top + captionHeight
    const size = windowSize(screen)
    height = windowTop + size.height
    width = Math.max(width, size.width)
    const text =
      caption === undefined ? '' : `<text x="4" y="${top + 20}" fill="${paint.muted}">${escapeMarkup(caption)}</text>`
    return [text, drawWindow(screen, windowTop, paint)].filter(Boolean).join('\n')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
<title>${escapeMarkup(title)}</title>
<style>
${readers === undefined ? '' : `${readers.css}\n`}text{white-space:pre}
</style>
<g font-family="${fonts}" font-size="${cell.size}" fill="${paint.foreground}">
${windows.join('\n')}
</g>
</svg>
`
}

function drawWindow(screen: PictureScreen, top: number, paint: Paint): string {
  const rows = Array.from({length: screen.rows}, (_, row) => drawRow(screen, row, top, paint))
  return [drawFrame(screen, top, paint), ...rows.filter((row) => row !== '')].join('\n')
}
