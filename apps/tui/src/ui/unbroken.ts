const noBreak = '\u00a0'

/** A command for the user to copy, as a part of a text: the text is not wrapped within it. */
export function unbroken(command: string): string {
  return command.replaceAll(' ', noBreak)
}

/** A row of a text that was wrapped, with the blanks of its commands. */
export function withBlanks(row: string): string {
  return row.replaceAll(noBreak, ' ')
}
