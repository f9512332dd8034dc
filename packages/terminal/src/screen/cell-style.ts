import type {IBufferCell} from '@xterm/headless'
import ansiStyles from 'ansi-styles'

/** The colours of a terminal in bits: 1 is none, 4 is 16, 8 is 256, 24 is true colour. */
export type ColorDepth = 1 | 4 | 8 | 24

/**
 * The SGR parameters of a cell, such as `1;31`; empty for a plain one. A colour beyond `depth` becomes the nearest one that
 * the terminal has. Blinking and hidden text is drawn as plain text. Pure.
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

/** The SGR code of a background is the code of the same foreground plus this. */
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
