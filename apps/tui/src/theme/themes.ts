import {createPaint} from './paint.ts'
import type {Theme} from './theme.ts'

/** The 16 colours of the terminal, which its user has chosen to be readable on its background. */
export const sixteenColors: Theme = {
  accent: {color: 'cyan'},
  strong: {bold: true},
  muted: {dim: true},
  success: {color: 'green'},
  warning: {color: 'yellow'},
  error: {color: 'red'},
  badge: {inverse: true, bold: true},
  selection: {inverse: true},
  band: {},
  rule: {dim: true},
  heading: {color: 'cyan', bold: true},
  code: {color: 'cyan'},
  link: {color: 'blue', underline: true},
  keyword: {color: 'magenta'},
  string: {color: 'green'},
  added: {color: 'green'},
  removed: {color: 'red'},
  addedWord: {color: 'green', inverse: true},
  removedWord: {color: 'red', inverse: true},
}

/** What a terminal without colours can draw. Bold and inverse are no colours, so `NO_COLOR` leaves them. */
export const withoutColors: Theme = {
  accent: {bold: true},
  strong: {bold: true},
  muted: {dim: true},
  success: {},
  warning: {},
  error: {bold: true},
  badge: {inverse: true, bold: true},
  selection: {inverse: true},
  band: {},
  rule: {dim: true},
  heading: {bold: true},
  code: {},
  link: {underline: true},
  keyword: {},
  string: {},
  added: {},
  removed: {},
  addedWord: {underline: true},
  removedWord: {inverse: true},
}

/** For commands that print to a terminal, and do not know its colours. */
export const paintSixteenColors = createPaint(sixteenColors, 4)
