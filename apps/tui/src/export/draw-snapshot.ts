import type {ScreenSnapshot} from '@holdfast/protocol'
import {paletteCode, trueColorCode} from '@holdfast/terminal'

type Span = ScreenSnapshot['lines'][number]['spans'][number]

/** The rows of the screen, and those above it that the snapshot has, as plain text, without blanks at their ends. Pure. */
export function snapshotText({scrollback = [], lines}: ScreenSnapshot): string[] {
  return [...scrollback, ...lines].map(({spans}) =>
    spans
      .map(({text}) => text)
      .join('')
      .trimEnd(),
  )
}

/** The rows with their colours and attributes, as a terminal shows them. Pure. */
export function snapshotAnsi({scrollback = [], lines}: ScreenSnapshot): string[] {
  return [...scrollback, ...lines].map(({spans}) =>
    spans
      .map((span) => {
        const codes = sgrOf(span)
        return codes === '' ? span.text : `\u001b[${codes}m${span.text}\u001b[0m`
      })
      .join(''),
  )
}

/** The rows as one piece of a page. */
export async function snapshotHtml({scrollback = [], lines, cols, cursor}: ScreenSnapshot): Promise<string[]> {
  const {drawHtml} = await import('@holdfast/picture')
  const shown = {...cursor, row: cursor.row + scrollback.length}
  return [drawHtml({cols, lines: [...scrollback, ...lines], cursor: shown}).trimEnd()]
}

/** SGR parameters, as in ECMA-48. */
const attributes = [
  ['bold', '1'],
  ['dim', '2'],
  ['italic', '3'],
  ['underline', '4'],
  ['inverse', '7'],
  ['invisible', '8'],
  ['strikethrough', '9'],
] as const

function sgrOf(span: Span): string {
  const codes: string[] = attributes.filter(([name]) => span[name] === true).map(([, code]) => code)
  for (const [color, ground] of [
    [span.color, 'text'],
    [span.background, 'background'],
  ] as const) {
    if (typeof color === 'number') codes.push(paletteCode(color, ground, 8))
    else if (color !== undefined) codes.push(trueColorCode(Number.parseInt(color.slice(1), 16), ground, 24))
  }
  return codes.join(';')
}
