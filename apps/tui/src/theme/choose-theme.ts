import type {ColorDepth} from '@holdfast/terminal'

import {darkTheme} from './dark-theme.ts'
import {highContrastDark, highContrastLight, highContrastUnknown} from './high-contrast-themes.ts'
import {lightTheme} from './light-theme.ts'
import {mixColors} from './luminance.ts'
import {isDark, type TerminalColors} from './terminal-colors.ts'
import type {Style, Theme, Token} from './theme.ts'
import {sixteenColors, withoutColors} from './themes.ts'

export const themeNames = ['auto', 'light', 'dark', 'high-contrast', '16-colour'] as const
export type ThemeName = (typeof themeNames)[number]

/** Whether a value of the setting `theme` is a theme of ours; else it names a file. Pure. */
export function isThemeName(value: string): value is ThemeName {
  return (themeNames as readonly string[]).includes(value)
}

/** The theme that the user wants. */
export interface ThemeChoice {
  name: ThemeName
  /** What a file of the user's changes in it. */
  styles: Readonly<Partial<Record<Token, Style>>>
}

/** Whether the theme depends on the colours of the terminal, so that they are to be asked for. Pure. */
export function dependsOnTerminal({name}: ThemeChoice, depth: ColorDepth): boolean {
  return depth > 4 && (name === 'auto' || name === 'high-contrast')
}

/** The theme for a terminal; its `colors` are `undefined` as long as they are not known. Pure. */
export function chooseTheme({name, styles}: ThemeChoice, depth: ColorDepth, colors?: TerminalColors): Theme {
  if (depth === 1) return withoutColors
  return {...namedTheme(name, depth, colors), ...styles}
}

function namedTheme(name: ThemeName, depth: ColorDepth, colors: TerminalColors | undefined): Theme {
  // Of 16 colours, nobody knows how they look, but they are chosen for the background.
  if (depth === 4) return name === 'high-contrast' ? highContrastUnknown : sixteenColors
  switch (name) {
    case 'light':
      return lightTheme
    case 'dark':
      return darkTheme
    case '16-colour':
      return sixteenColors
    case 'high-contrast':
      if (colors === undefined) return highContrastUnknown
      return isDark(colors) ? highContrastDark : highContrastLight
    case 'auto':
      return colors === undefined ? sixteenColors : tinted(isDark(colors) ? darkTheme : lightTheme, colors)
  }
}

/** How far the band is from the background on the way to white or black. */
const [darkTint, lightTint] = [0.08, 0.06]

/** With a band that stands out from the very background of the terminal. */
function tinted(theme: Theme, colors: TerminalColors): Theme {
  const {background} = colors
  const band = isDark(colors) ? mixColors(background, 0xff_ff_ff, darkTint) : mixColors(background, 0, lightTint)
  return {...theme, band: {background: `#${band.toString(16).padStart(6, '0')}`}}
}
