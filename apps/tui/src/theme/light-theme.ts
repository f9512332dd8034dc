import type {Theme} from './theme.ts'

/** For light backgrounds. Texts have a contrast of at least 4.5:1 on the background of every usual light theme. */
export const lightTheme: Theme = {
  accent: {color: '#1a56b8'},
  strong: {bold: true},
  muted: {color: '#5d6470'},
  success: {color: '#1c6b38'},
  warning: {color: '#7d4e00'},
  error: {color: '#b3202c'},
  badge: {color: '#ffffff', background: '#a33b00', bold: true},
  selection: {color: '#ffffff', background: '#2459b3'},
  band: {background: '#e9ecf2'},
  rule: {color: '#c3c8d2'},
  heading: {color: '#1a56b8', bold: true},
  code: {color: '#0b626f'},
  link: {color: '#1a56b8', underline: true},
  keyword: {color: '#7c2fa8'},
  string: {color: '#2f6622'},
  added: {color: '#1c6b38'},
  removed: {color: '#b3202c'},
  addedWord: {color: '#06310f', background: '#b9e8c4'},
  removedWord: {color: '#4d0008', background: '#ffc9cc'},
}
