import type {Terminal} from '../support/terminal.ts'

/** The draft with its prompt sign, without the cursor's blank, the indents, and the signs of further lines. */
function written(terminal: Terminal): string {
  const rows = terminal.screen().split('\n')
  const start = rows.findLastIndex((row) => /^[❯»]/.test(row))
  return rows
    .slice(start)
    .map((row) => row.replace(/^(?: {2}|… ?)/, '').trimEnd())
    .join('\n')
    .trimEnd()
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
