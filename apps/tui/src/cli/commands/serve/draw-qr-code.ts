import {encode} from 'uqr'

/** The margin that readers need, in modules. */
const quietZone = 4
// Black on white in any theme: most readers do not know light modules on dark ones.
const blackOnWhite = '\u001B[38;5;16;48;5;231m'
const plain = '\u001B[0m'

export interface QrCode {
  lines: string[]
  /** The width of the lines, in cells. */
  cols: number
}

/** Draws a text as a QR code: two modules, one above the other, in a character. */
export function drawQrCode(text: string): QrCode {
  const {data, size} = encode(text, {border: quietZone})
  const lines: string[] = []
  for (let row = 0; row < size; row += 2) {
    const [top, bottom] = [data[row] ?? [], data[row + 1] ?? []]
    const cells = top.map((isBlack, column) => toCell(isBlack, bottom[column] ?? false))
    lines.push(`${blackOnWhite}${cells.join('')}${plain}`)
  }
  return {lines, cols: size}
}

function toCell(top: boolean, bottom: boolean): string {
  if (top) return bottom ? '█' : '▀'
  return bottom ? '▄' : ' '
}
