/** How a piece of output looks: what its SGR sequences have set. */
export interface TextStyle {
  /** Of the palette, 0 to 255, or `#rrggbb`. */
  color?: number | string
  background?: number | string
  isBold?: boolean
  isDim?: boolean
  isItalic?: boolean
  isUnderlined?: boolean
  isInverse?: boolean
  isStruck?: boolean
}

const flags: Readonly<Record<number, keyof TextStyle>> = {
  1: 'isBold',
  2: 'isDim',
  3: 'isItalic',
  4: 'isUnderlined',
  7: 'isInverse',
  9: 'isStruck',
}

/** The flags that each parameter ends. */
const ends: Readonly<Record<number, readonly (keyof TextStyle)[]>> = {
  22: ['isBold', 'isDim'],
  23: ['isItalic'],
  24: ['isUnderlined'],
  27: ['isInverse'],
  29: ['isStruck'],
  39: ['color'],
  49: ['background'],
}

/** The style after an SGR sequence, `ESC [ … m`; `undefined`: none. Pure. */
export function applySgr(before: TextStyle | undefined, escape: string): TextStyle | undefined {
  const parameters = escape.slice(2, -1).split(';')
  let style: TextStyle = {...before}
  for (let at = 0; at < parameters.length; at++) {
    const [parameter = '', ...parts] = (parameters[at] ?? '').split(':')
    const code = Number(parameter === '' ? 0 : parameter)
    if (code === 0) style = {}
    else if (code === 38 || code === 48) {
      // `38;5;9` and `38;2;1;2;3`; the same with colons, where a colour space may stand before the three.
      const hasColons = parts.length > 0
      const rest = hasColons ? parts : parameters.slice(at + 1)
      const {color, length} = readColor(rest, hasColons)
      if (color !== undefined) style[code === 38 ? 'color' : 'background'] = color
      if (!hasColons) at += length
    } else if (code === 4 && parts[0] === '0') delete style.isUnderlined
    else setByCode(style, code)
  }
  return Object.keys(style).length === 0 ? undefined : style
}

function setByCode(style: TextStyle, code: number): void {
  const flag = flags[code]
  if (flag !== undefined) Object.assign(style, {[flag]: true})
  for (const ended of ends[code] ?? []) delete style[ended]
  if (code >= 30 && code <= 37) style.color = code - 30
  if (code >= 90 && code <= 97) style.color = code - 90 + 8
  if (code >= 40 && code <= 47) style.background = code - 40
  if (code >= 100 && code <= 107) style.background = code - 100 + 8
}

function readColor(parts: readonly string[], hasColons: boolean): {color: number | string | undefined; length: number} {
  const [kind, ...values] = parts
  if (kind === '5') {
    const index = Number(values[0])
    return {color: index >= 0 && index <= 255 ? index : undefined, length: 2}
  }
  if (kind !== '2') return {color: undefined, length: 1}
  const [red, green, blue] = hasColons && values.length > 3 ? values.slice(1) : values
  const channels = [red, green, blue].map((value) => Math.min(255, Math.max(0, Number(value) || 0)))
  return {color: `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`, length: 4}
}

/** A colour of the palette beyond the 16 that a theme has, as `#rrggbb`: a cube of 6 × 6 × 6, and 24 greys. Pure. */
export function paletteColor(index: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  if (index >= 232) return `#${hex(8 + (index - 232) * 10).repeat(3)}`
  const level = (value: number) => hex(value === 0 ? 0 : 55 + value * 40)
  const at = index - 16
  return `#${level(Math.floor(at / 36))}${level(Math.floor(at / 6) % 6)}${level(at % 6)}`
}
