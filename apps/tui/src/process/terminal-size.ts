/** The size of the terminal in cells; `undefined` without a terminal, or if it reports 0×0, as some PTYs do. */
export function terminalSize(stdout: ScreenSource = process.stdout): {cols: number; rows: number} | undefined {
  const {isTTY, columns, rows} = stdout
  return isTTY && columns > 0 && rows > 0 ? {cols: columns, rows} : undefined
}

/**
 * Node reads the size at SIGWINCH, which comes late, and not at all to a process in the background. Makes it read the size now,
 * and emit `resize` on stdout if that has changed.
 */
export function noticeResize(): void {
  process.emit('SIGWINCH', 'SIGWINCH')
}

type ScreenSource = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>
