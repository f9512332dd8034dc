import type {Terminal} from '../support/terminal.ts'

/** What is written below the last sign of the composer, the sign included; without the cursor's blank and the indents. */
function written(terminal: Terminal): string {
  const rows = terminal.screen().split('\n')
  const start = rows.findLastIndex((row) => /^[❯»]/.test(row))
  return rows
    .slice(start)
    .map((row) => row.replace(/^ {2}/, '').trimEnd())
    .join('\n')
}

/** Waits until that is written. */
export async function waitForWritten(terminal: Terminal, text: string): Promise<void> {
  await terminal
    .waitFor(() => written(terminal) === text.trimEnd())
    .catch((error: unknown) => {
      throw new Error(`Expected ${JSON.stringify(text)} to be written, got ${JSON.stringify(written(terminal))}`, {
        cause: error,
      })
    })
}
