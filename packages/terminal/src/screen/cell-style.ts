import type {IBufferCell} from '@xterm/headless'
import ansiStyles from 'ansi-styles'

/** How many colours a terminal has: none, 16, 256, or all, as bits a pixel. */
export type ColorDepth = 1 | 4 | 8 | 24

/**
 * The parameters of the SGR sequence that gives a cell its look, after a reset: `1;31`; empty for a plain cell. Colours
 * that the terminal does not have become the nearest that it has. What blinks or hides does not. Pure.
 */
export function cellStyle(cell: IBufferCell, depth: ColorDepth): string {
  if (cell.isAttributeDefault()) return ''
  const codes: string[] = []
  if (cell.isBold()) codes.push('1')
  if (cell.isDim()) codes.push('2')
  if (cell.isItalic()) codes.push('3')
  if (cell.isUnderline()) codes.push('4')
  if (cell.isInverse()) codes.push('7')
  if (cell.isStrikethrough()) codes.push('9')
  if (depth > 1) {
    if (cell.isFgPalette()) codes.push(paletteCode(cell.getFgColor(), 0, depth))
    else if (cell.isFgRGB()) codes.push(trueColorCode(cell.getFgColor(), 0, depth))
    if (cell.isBgPalette()) codes.push(paletteCode(cell.getBgColor(), background, depth))
    else if (cell.isBgRGB()) codes.push(trueColorCode(cell.getBgColor(), background, depth))
  }
  return codes.join(';')
}

/** What is added to the code of a colour of the text for that of the ground behind it. */
const background = 10

function paletteCode(color: number, ground: number, depth: ColorDepth): string {
  if (color < 8) return `${30 + color + ground}`
  if (color < 16) return `${90 + color - 8 + ground}`
  return depth >= 8 ? `${38 + ground};5;${color}` : `${ansiStyles.ansi256ToAnsi(color) + ground}`
}

function trueColorCode(color: number, ground: number, depth: ColorDepth): string {
  const [red, green, blue] = [color >> 16, (color >> 8) & 0xff, color & 0xff]
  if (depth === 24) return `${38 + ground};2;${red};${green};${blue}`
  return paletteCode(ansiStyles.rgbToAnsi256(red, green, blue), ground, depth)
}
