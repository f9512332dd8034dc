/** The size of the terminal in cells; `undefined` without a terminal, or if it reports 0×0, as some PTYs do. */
export function terminalSize(stdout: ScreenSource = process.stdout): {cols: number; rows: number} | undefined {
  const {isTTY, columns, rows} = stdout
  return isTTY && columns > 0 && rows > 0 ? {cols: columns, rows} : undefined
}

type ScreenSource = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>
