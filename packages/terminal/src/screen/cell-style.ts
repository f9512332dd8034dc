import type {IBufferCell} from '@xterm/headless'

import {paletteCode, trueColorCode, type ColorDepth} from './color-code.ts'

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
    if (cell.isFgPalette()) codes.push(paletteCode(cell.getFgColor(), 'text', depth))
    else if (cell.isFgRGB()) codes.push(trueColorCode(cell.getFgColor(), 'text', depth))
    if (cell.isBgPalette()) codes.push(paletteCode(cell.getBgColor(), 'background', depth))
    else if (cell.isBgRGB()) codes.push(trueColorCode(cell.getBgColor(), 'background', depth))
  }
  return codes.join(';')
}
