import {darkTheme} from '../../apps/tui/src/theme/dark-theme.ts'
import {lightTheme} from '../../apps/tui/src/theme/light-theme.ts'
import {inverseDefault, type Colour} from './read-cells.ts'

/** The colours that a terminal leaves to its user: the 16 named ones, and the window's text and background. */
export interface Palette {
  background: string
  foreground: string
  frame: string
  muted: string
  /** Black, red, green, yellow, blue, magenta, cyan, white, then the same eight bright. */
  colours: string
}

export const dark: Palette = {
  background: '#16181d',
  foreground: '#d6d9e0',
  frame: '#2a2e37',
  muted: '#8b91a0',
  colours: `#2a2e37 #f0717c #8fc379 #e2b86b #6cb2f0 #c58fe6 #56b8c2 #c8ccd4
            #6b7280 #ff8b94 #a8d992 #f2cf8c #8cc8ff #d9aaf5 #79d0d8 #ffffff`,
}

export const light: Palette = {
  background: '#fbfbfa',
  foreground: '#24292f',
  frame: '#d8dade',
  muted: '#6a7280',
  colours: `#24292f #c5283d #2c7a2c #8a5f00 #1767c2 #8a3bb8 #0b7285 #8d939c
            #57606a #d63649 #368a36 #9c6d00 #2a7de1 #9d4fcb #12889b #1f2328`,
}

/** The colours of the dark theme of the app, each with that of the light theme in the same place. */
const themed = new Map(
  (Object.keys(darkTheme) as (keyof typeof darkTheme)[]).flatMap((token) =>
    (['color', 'background'] as const).flatMap((ground) => {
      const [inDark, inLight] = [darkTheme[token][ground], lightTheme[token][ground]]
      return inDark === undefined || inLight === undefined ? [] : [[inDark, inLight] as const]
    }),
  ),
)
const themedColours = [...themed.keys()]

/** A colour in CSS. Those of the dark theme follow the reader, as do the 16 named colours and the defaults are variables, which the reader's palette sets. */
export function toCss(colour: Colour): string {
  if (typeof colour === 'string') {
    const index = themedColours.indexOf(colour)
    return index === -1 ? colour : `var(--t${index})`
  }
  if (colour === inverseDefault.foreground) return 'var(--background)'
  if (colour === inverseDefault.background) return 'var(--foreground)'
  return colour < 16 ? `var(--c${colour})` : indexedColour(colour)
}

/** The CSS variables that `toCss` refers to. */
export function variablesOf(palette: Palette): string {
  const {colours, ...rest} = palette
  const named = Object.entries(rest).map(([name, value]) => `--${name}:${value}`)
  const ofTheme = themedColours.map((colour, index) => `--t${index}:${palette === light ? themed.get(colour) : colour}`)
  return [...named, ...colours.split(/\s+/).map((value, index) => `--c${index}:${value}`), ...ofTheme].join(';')
}

/** Colours 16 to 231 are a cube of 6 × 6 × 6, colours 232 to 255 greys; the values are xterm's. */
function indexedColour(index: number): string {
  if (index >= 232) return hex(Array.from({length: 3}, () => 8 + (index - 232) * 10))
  const inCube = index - 16
  return hex([Math.floor(inCube / 36), Math.floor(inCube / 6) % 6, inCube % 6].map((step) => step && 55 + step * 40))
}

function hex(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
