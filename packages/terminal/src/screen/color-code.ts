import ansiStyles from 'ansi-styles'

/** The colours of a terminal in bits: 1 is none, 4 is 16, 8 is 256, 24 is true colour. */
export type ColorDepth = 1 | 4 | 8 | 24

/** What a colour is for. */
export type Ground = 'text' | 'background'

/** The SGR code of a background is the code of the same text colour plus this. */
const backgroundOffset = 10

/** The SGR parameters of a palette colour, 0 to 255, or of the nearest one that a terminal with `depth`, more than 1, has. Pure. */
export function paletteCode(color: number, ground: Ground, depth: ColorDepth): string {
  const offset = ground === 'text' ? 0 : backgroundOffset
  if (color < 8) return `${30 + color + offset}`
  if (color < 16) return `${90 + color - 8 + offset}`
  return depth >= 8 ? `${38 + offset};5;${color}` : `${ansiStyles.ansi256ToAnsi(color) + offset}`
}

/** The same for a colour of 24 bits, `0xrrggbb`. Pure. */
export function trueColorCode(color: number, ground: Ground, depth: ColorDepth): string {
  const [red, green, blue] = [color >> 16, (color >> 8) & 0xff, color & 0xff]
  if (depth === 24) return `${ground === 'text' ? 38 : 48};2;${red};${green};${blue}`
  return paletteCode(ansiStyles.rgbToAnsi256(red, green, blue), ground, depth)
}
