import {cellsOfRow, isSameStyle, type Cell} from './cells.ts'
import {escapeMarkup} from './escape-markup.ts'
import {groundsOf, paintOf, type Paint, type Theme} from './paint.ts'
import type {PictureScreen, PictureStyle} from './screen.ts'

export interface HtmlOptions {
  /** @default 'dark' */
  theme?: Theme
}

/** Draws the lines of a screen as one `<pre>` with inline styles, for any page: it needs no style sheet, script or file beside it. */
export function drawHtml(screen: Omit<PictureScreen, 'rows'>, {theme = 'dark'}: HtmlOptions = {}): string {
  const paint = paintOf(theme)
  const rows = screen.lines.map((_, row) => drawRow(cellsOfRow(screen, row), paint))
  const style = `background:${paint.background};color:${paint.foreground};width:${screen.cols}ch;padding:1em;line-height:1.17;font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace`
  // A parser drops the first line end of a `<pre>`.
  return `<pre style="${style}">\n${rows.join('\n')}\n</pre>\n`
}

function drawRow(cells: readonly Cell[], paint: Paint): string {
  const runs: {style: PictureStyle; markup: string}[] = []
  for (const {text, cells: width, style} of cells) {
    const last = runs.at(-1)
    const shown = style.invisible === true ? ' '.repeat(width) : text
    // Fonts differ in the width of these.
    const markup =
      width === 1
        ? escapeMarkup(shown)
        : `<span style="display:inline-block;width:${width}ch">${escapeMarkup(shown)}</span>`
    if (last !== undefined && isSameStyle(last.style, style)) last.markup += markup
    else runs.push({style, markup})
  }
  return runs
    .map(({style, markup}) => {
      const css = cssOf(style, paint)
      return css === '' ? markup : `<span style="${css}">${markup}</span>`
    })
    .join('')
}

function cssOf(style: PictureStyle, paint: Paint): string {
  const {text, background} = groundsOf(style, paint)
  const lines = [style.underline === true && 'underline', style.strikethrough === true && 'line-through'].filter(
    Boolean,
  )
  return [
    text !== undefined && `color:${text}`,
    background !== undefined && `background:${background}`,
    style.bold === true && 'font-weight:bold',
    // `opacity` would fade the background, too.
    style.dim === true && `color:color-mix(in srgb,${text ?? paint.foreground} 60%,${background ?? paint.background})`,
    style.italic === true && 'font-style:italic',
    lines.length > 0 && `text-decoration:${lines.join(' ')}`,
  ]
    .filter(Boolean)
    .join(';')
}
