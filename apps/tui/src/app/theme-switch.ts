import type {ColorDepth} from '@holdfast/terminal'

import {setSetting} from '../settings/change-settings.ts'
import {chooseTheme, isThemeName, themeNames} from '../theme/choose-theme.ts'
import {readTheme, type ReadTheme} from '../theme/read-theme.ts'
import type {TerminalColors} from '../theme/terminal-colors.ts'
import type {Theme} from '../theme/theme.ts'
import type {ThemeSwitch} from '../slash-commands/theme-switch.ts'

export interface ThemeSwitchOptions {
  /** The setting `theme`. */
  setting: string
  settingsFile: string
  depth: ColorDepth
  /** Draws what follows in a theme. */
  draw: (theme: Theme) => void
}

export interface ScreenTheme extends ThemeSwitch {
  /** What the setting says. */
  readonly read: ReadTheme
  /** The terminal has told its colours. */
  setColors(colors: TerminalColors): void
}

/** The theme of the screen, which the user may change while it is open. */
export function createThemeSwitch({setting, settingsFile, depth, draw}: ThemeSwitchOptions): ScreenTheme {
  const read = (name: string) => readTheme(name, settingsFile)
  let kept = {name: setting, read: read(setting)}
  let shown = kept.read
  let colors: TerminalColors | undefined
  const show = (next: ReadTheme) => {
    shown = next
    draw(chooseTheme(next.choice, depth, colors))
  }
  return {
    get read() {
      return kept.read
    },
    get current() {
      return kept.name
    },
    names: [...themeNames, ...(isThemeName(setting) ? [] : [setting])],
    setColors(next) {
      colors = next
      show(shown)
    },
    preview: (name) => show(read(name)),
    restore: () => show(kept.read),
    keep(name) {
      const next = read(name)
      if (next.problems[0] !== undefined) return next.problems[0]
      setSetting('theme', name)
      kept = {name, read: next}
      show(next)
      return undefined
    },
  }
}
