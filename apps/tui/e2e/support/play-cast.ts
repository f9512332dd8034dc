import type {ScreenSnapshot} from '@holdfast/protocol'
import xterm from '@xterm/headless'

/** A recording in the asciicast format, read. */
export interface Cast {
  header: {version: number; width: number; height: number; title: string; timestamp: number}
  events: readonly (readonly [seconds: number, kind: string, text: string])[]
}

export function parseCast(text: string): Cast {
  const [header = '', ...lines] = text.trimEnd().split('\n')
  return {
    header: JSON.parse(header) as Cast['header'],
    events: lines.map((line) => JSON.parse(line) as Cast['events'][number]),
  }
}

/** Plays a recording in a terminal of its size; resolves to the terminal. */
export async function playCast({header, events}: Cast): Promise<InstanceType<typeof xterm.Terminal>> {
  const {width: cols, height: rows} = header
  const terminal = new xterm.Terminal({cols, rows, scrollback: 1000, allowProposedApi: true})
  for (const [, kind, text] of events) {
    if (kind === 'o') await new Promise<void>((resolve) => terminal.write(text, resolve))
    const [nextCols = 0, nextRows = 0] = text.split('x').map(Number)
    if (kind === 'r') terminal.resize(nextCols, nextRows)
  }
  return terminal
}

/** What a terminal shows, for a comparison with a snapshot: each cell with its colour and style. */
export function screenOf({cols, rows, buffer: {active}}: InstanceType<typeof xterm.Terminal>) {
  const line = (row: number) =>
    Array.from({length: cols}, (_, col) => {
      const cell = active.getLine(active.baseY + row)?.getCell(col)
      const color = cell?.isFgPalette() ? cell.getFgColor() : undefined
      return cellText(cell?.getChars() || ' ', {color, bold: !!cell?.isBold(), inverse: !!cell?.isInverse()})
    })
  return {
    cols,
    rows,
    is_alternate: active.type === 'alternate',
    cursor: [active.cursorY, active.cursorX],
    lines: Array.from({length: rows}, (_, row) => trimCells(line(row))),
  }
}

/** The same of a snapshot. */
export function screenOfSnapshot({
  cols,
  rows,
  is_alternate,
  cursor,
  lines,
}: ScreenSnapshot): ReturnType<typeof screenOf> {
  const line = ({spans}: ScreenSnapshot['lines'][number]) =>
    spans.flatMap(({text, color, bold = false, inverse = false}) =>
      Array.from(text, (character) => cellText(character, {color, bold, inverse})),
    )
  return {
    cols,
    rows,
    is_alternate,
    cursor: [cursor.row, cursor.col],
    lines: Array.from({length: rows}, (_, row) => trimCells(line(lines[row] ?? {spans: []}))),
  }
}

function cellText(
  character: string,
  {color, bold, inverse}: {color: number | string | undefined; bold: boolean; inverse: boolean},
): string {
  return `${character}${color === undefined ? '' : `<${color}>`}${bold ? '<bold>' : ''}${inverse ? '<inverse>' : ''}`
}

/** Blank cells say nothing of the colour of what would stand there. */
function trimCells(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.replace(/^ <\d+>/, ' '))
    .join('')
    .trimEnd()
}
