import type {ITheme} from '@xterm/xterm'

/** The colours of the page for a terminal: those of its tokens, and black and white, which programs also use as backgrounds. */
export function readTerminalTheme(isDark: boolean): ITheme {
  const tokens = getComputedStyle(document.documentElement)
  const token = (name: string) => tokens.getPropertyValue(`--${name}`).trim()
  const ansi = (name: string) => token(`ansi-${name}`)
  return {
    background: token('ground'),
    foreground: token('text'),
    cursor: token('text'),
    cursorAccent: token('ground'),
    selectionBackground: token('accent-soft'),
    black: isDark ? '#0b0d10' : '#1b1f27',
    red: ansi('red'),
    green: ansi('green'),
    yellow: ansi('yellow'),
    blue: ansi('blue'),
    magenta: ansi('magenta'),
    cyan: ansi('cyan'),
    white: isDark ? '#d4dae4' : '#dfe3ea',
    brightBlack: ansi('bright-black'),
    brightRed: ansi('bright-red'),
    brightGreen: ansi('bright-green'),
    brightYellow: ansi('bright-yellow'),
    brightBlue: ansi('bright-blue'),
    brightMagenta: ansi('bright-magenta'),
    brightCyan: ansi('bright-cyan'),
    brightWhite: isDark ? '#ffffff' : '#f6f7f9',
  }
}
