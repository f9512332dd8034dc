import type {PictureColor, PictureStyle} from './screen.ts'

export type Theme = 'dark' | 'light'

/** The colours of a picture, in CSS. */
export interface Paint {
  background: string
  foreground: string
  frame: string
  muted: string
  /** One that a program has set; `undefined`: none of ours. */
  color(color: PictureColor | undefined): string | undefined
}

/** What a terminal leaves to its user: the window's text and background, and the 16 named colours. */
interface Palette {
  background: string
  foreground: string
  frame: string
  muted: string
  /** Black, red, green, yellow, blue, magenta, cyan, white, then the same eight bright. */
  colors: string
}

const palettes: Readonly<Record<Theme, Palette>> = {
  dark: {
    background: '#16181d',
    foreground: '#d6d9e0',
    frame: '#2a2e37',
    muted: '#8b91a0',
    colors: `#2a2e37 #f0717c #8fc379 #e2b86b #6cb2f0 #c58fe6 #56b8c2 #c8ccd4
             #6b7280 #ff8b94 #a8d992 #f2cf8c #8cc8ff #d9aaf5 #79d0d8 #ffffff`,
  },
  light: {
    background: '#fbfbfa',
    foreground: '#24292f',
    frame: '#d8dade',
    muted: '#6a7280',
    colors: `#24292f #c5283d #2c7a2c #8a5f00 #1767c2 #8a3bb8 #0b7285 #8d939c
             #57606a #d63649 #368a36 #9c6d00 #2a7de1 #9d4fcb #12889b #1f2328`,
  },
}

/** The colours of one theme. */
export function paintOf(theme: Theme): Paint {
  const {colors, ...rest} = palettes[theme]
  const named = colors.split(/\s+/)
  return {...rest, color: (color) => toCss(color, (index) => named[index]!)}
}

export interface ReadersPaint extends Paint {
  /** The CSS that sets the variables of the others. */
  css: string
}

/**
 * The colours that each reader of a picture prefers. `lightColors`: colours that the program has set for a dark terminal, in lower case,
 * each with the one that stands for it in light pictures.
 */
export function readersPaint(lightColors: ReadonlyMap<string, string> = new Map()): ReadersPaint {
  const themed = [...lightColors.keys()]
  const variablesOf = (theme: Theme) => {
    const {colors, ...rest} = palettes[theme]
    return [
      ...Object.entries(rest).map(([name, value]) => `--${name}:${value}`),
      ...colors.split(/\s+/).map((value, index) => `--c${index}:${value}`),
      ...themed.map((color, index) => `--t${index}:${theme === 'light' ? lightColors.get(color) : color}`),
    ].join(';')
  }
  return {
    background: 'var(--background)',
    foreground: 'var(--foreground)',
    frame: 'var(--frame)',
    muted: 'var(--muted)',
    color(color) {
      const index = typeof color === 'string' ? themed.indexOf(color) : -1
      return index === -1 ? toCss(color, (named) => `var(--c${named})`) : `var(--t${index})`
    },
    css: `svg{${variablesOf('dark')}}\n@media (prefers-color-scheme:light){svg{${variablesOf('light')}}}`,
  }
}

/** What a style gives to text and background; `undefined`: the default, which needs no drawing. */
export function groundsOf(
  style: PictureStyle,
  paint: Paint,
): {text: string | undefined; background: string | undefined} {
  const [text, background] = [paint.color(style.color), paint.color(style.background)]
  if (style.inverse !== true) return {text, background}
  return {text: background ?? paint.background, background: text ?? paint.foreground}
}

function toCss(color: PictureColor | undefined, named: (index: number) => string): string | undefined {
  // It comes from another process, and goes into markup.
  if (typeof color === 'string') return /^#[0-9a-f]{6}$/i.test(color) ? color : undefined
  if (color === undefined || !Number.isInteger(color) || color < 0 || color > 255) return undefined
  return color < 16 ? named(color) : indexedColor(color)
}

/** Colours 16 to 231 are a cube of 6 × 6 × 6, colours 232 to 255 greys; the values are xterm's. */
function indexedColor(index: number): string {
  if (index >= 232) return hex(Array.from({length: 3}, () => 8 + (index - 232) * 10))
  const inCube = index - 16
  return hex([Math.floor(inCube / 36), Math.floor(inCube / 6) % 6, inCube % 6].map((step) => step && 55 + step * 40))
}

function hex(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
