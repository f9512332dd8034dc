/** The names of what the screen draws. Everything is drawn from them, so that a theme is all there is to change. */
export const tokens = {
  accent: 'the sign of the prompt, titles, names',
  strong: 'what the user said, and headings of lists',
  muted: 'what is not important now: times, folders, key hints, thoughts',
  success: 'a result that is as it should be',
  warning: 'a result that the user should look at, and lines for a running program',
  error: 'a failure',
  badge: 'what waits for the user',
  selection: 'the selected row of a list',
  band: 'the background of prompts and of the line of a composer; its other attributes are not drawn',
  rule: 'lines that separate',
  heading: 'headings of an answer',
  code: 'code in the text of an answer, literals of code',
  link: 'links',
  keyword: 'keywords of code',
  string: 'strings of code',
  added: 'added lines of a diff',
  removed: 'removed lines of a diff',
  addedWord: 'added words within a line',
  removedWord: 'removed words within a line',
} as const

export type Token = keyof typeof tokens

/** The 16 colours that a terminal lets its user choose. Their order is that of the palette. */
export const namedColors = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const

/** One of the 16, or `#rrggbb`. */
export type Color = (typeof namedColors)[number] | `#${string}`

/** How a token is drawn; the default is as the terminal draws text. */
export interface Style {
  color?: Color
  background?: Color
  bold?: boolean
  dim?: boolean
  italic?: boolean
  underline?: boolean
  inverse?: boolean
}

export type Theme = Readonly<Record<Token, Style>>
