import type {ScreenSnapshot} from '@holdfast/protocol'

type Span = ScreenSnapshot['lines'][number]['spans'][number]

/** The sequences that draw a snapshot on a terminal of its size. Pure. */
export function paintSnapshot({lines, cursor}: ScreenSnapshot): string {
  const rows = lines.map(({spans}, row) => `\u001b[${row + 1};1H\u001b[0m\u001b[2K${spans.map(paintSpan).join('')}`)
  const shown = `\u001b[${cursor.row + 1};${cursor.col + 1}H\u001b[?25${cursor.is_visible ? 'h' : 'l'}`
  // Shown at once, when it is whole.
  return `\u001b[?2026h${rows.join('')}\u001b[0m\u001b[J${shown}\u001b[?2026l`
}

function paintSpan({text, color, background, ...flags}: Span): string {
  const codes = [
    '0',
    ...(flags.bold === true ? ['1'] : []),
    ...(flags.dim === true ? ['2'] : []),
    ...(flags.italic === true ? ['3'] : []),
    ...(flags.underline === true ? ['4'] : []),
    ...(flags.inverse === true ? ['7'] : []),
    ...(flags.invisible === true ? ['8'] : []),
    ...(flags.strikethrough === true ? ['9'] : []),
    ...colorCodes(38, color),
    ...colorCodes(48, background),
  ]
  return `\u001b[${codes.join(';')}m${text}`
}

function colorCodes(target: 38 | 48, color: number | string | undefined): string[] {
  if (color === undefined) return []
  if (typeof color === 'number') return [`${target};5;${color}`]
  const parts = /^#(..)(..)(..)$/.exec(color)?.slice(1) ?? []
  return [`${target};2;${parts.map((part) => Number.parseInt(part, 16)).join(';')}`]
}
