import type {ColorDepth} from './color-code.ts'
import {loadTerminal} from './load-terminal.ts'
import {createRowReader} from './read-row.ts'

/** The prompt of a shell as its terminal shows it. */
export interface RenderedPrompt {
  /** The rows above the last one, with SGR sequences. */
  above: readonly string[]
  /** The last row up to the cursor, and its width in cells. */
  text: string
  columns: number
}

/** A prompt has fewer rows. */
const maxRows = 50

const end = '|'

/** Renders what a shell printed for its prompt. What stands behind the cursor, such as a prompt at the right edge, is left out. */
export async function renderPrompt(printed: string, cols: number, depth: ColorDepth): Promise<RenderedPrompt> {
  const terminal = await loadTerminal({cols, rows: maxRows})
  // The end keeps the blanks before it, with which most prompts end.
  await new Promise<void>((resolve) => terminal.write(`${printed}\u001b[K\u001b[m${end}`, resolve))
  const {normal} = terminal.buffer
  const reader = createRowReader(normal, depth)
  const rows = Array.from({length: normal.cursorY + 1}, (_, row) => {
    const line = normal.getLine(normal.baseY + row)
    return line === undefined ? '' : reader.read(line, true)
  })
  const columns = normal.cursorX - 1
  const text = rows.pop()?.slice(0, -end.length) ?? ''
  terminal.dispose()
  // Many prompts begin with an empty row.
  while (rows[0] === '') rows.shift()
  return {above: rows, text, columns}
}
