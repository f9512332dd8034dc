/**
 * The size of this process's terminal in characters; `undefined` where it is not known: no terminal, or one of 0×0, as
 * some programs that make terminals leave it.
 */
export function terminalSize(stdout: ScreenSource = process.stdout): {cols: number; rows: number} | undefined {
  const {isTTY, columns, rows} = stdout
  return isTTY && columns > 0 && rows > 0 ? {cols: columns, rows} : undefined
}

type ScreenSource = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>
