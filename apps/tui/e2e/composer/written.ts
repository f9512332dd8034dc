import type {Terminal} from '../support/terminal.ts'

/** The draft with its prompt sign, without the cursor's blank, the indents, and the signs of further lines. */
function written(terminal: Terminal): string {
  const rows = withoutHint(terminal)
  const start = rows.findLastIndex((row) => /^[❯»]/.test(row))
  return rows
    .slice(start)
    .map((row) => row.replace(/^(?: {2}|… ?)/, '').trimEnd())
    .join('\n')
    .trimEnd()
}

/** The rows of the screen without the keys below the draft, which are in a colour of their own. */
export function withoutHint(terminal: Terminal): string[] {
  const rows = terminal.screen().split('\n')
  const cell = terminal.buffer.getLine(terminal.buffer.baseY + rows.length - 1)?.getCell(2)
  return rows.at(-1)?.startsWith('  ') === true && (cell?.isDim() !== 0 || !cell.isFgDefault())
    ? rows.slice(0, -1)
    : rows
}

/** Waits for a draft. */
export async function waitForWritten(terminal: Terminal, text: string): Promise<void> {
  await terminal
    .waitFor(() => written(terminal) === text.trimEnd())
    .catch((error: unknown) => {
      throw new Error(`Expected ${JSON.stringify(text)} to be written, got ${JSON.stringify(written(terminal))}`, {
        cause: error,
      })
    })
}
