import type {Theme} from './theme.ts'

/** For dark backgrounds. Texts have a contrast of at least 4.5:1 on the background of every usual dark theme. */
export const darkTheme: Theme = {
  accent: {color: '#8ab8ff'},
  strong: {bold: true},
  muted: {color: '#a8b1bf'},
  success: {color: '#8bd49c'},
  warning: {color: '#ecc479'},
  error: {color: '#ff9a9e'},
  badge: {color: '#1b1400', background: '#ffcf66', bold: true},
  selection: {color: '#ffffff', background: '#2f5597'},
  band: {background: '#2b303b'},
  rule: {color: '#4b5362'},
  heading: {color: '#8ab8ff', bold: true},
  code: {color: '#7fd3de'},
  link: {color: '#8ab8ff', underline: true},
  keyword: {color: '#d3a8f5'},
  string: {color: '#a5d99b'},
  added: {color: '#8bd49c'},
  removed: {color: '#ff9a9e'},
  addedWord: {color: '#eafff0', background: '#1f5c35'},
  removedWord: {color: '#fff0f0', background: '#7d2a31'},
}
