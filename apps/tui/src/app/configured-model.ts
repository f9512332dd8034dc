import type {ColorDepth} from '@holdfast/terminal'

import {bindKeys} from '../keys/bind-keys.ts'
import {terminalSize} from '../process/terminal-size.ts'
import {machineOf, type GatewayChoice} from '../sessions/gateway-choice.ts'
import {ownSession} from '../sessions/own-session.ts'
import {findSettingsFile} from '../settings/find-settings-file.ts'
import {readSettings} from '../settings/read-settings.ts'
import type {Settings} from '../settings/settings-schema.ts'
import {chooseTheme, dependsOnTerminal} from '../theme/choose-theme.ts'
import type {TerminalColors} from '../theme/terminal-colors.ts'
import {createScreenModel, type ScreenModel} from '../ui/screen-model.ts'
import {createThemeSwitch, type ScreenTheme} from './theme-switch.ts'

export interface ConfiguredModel {
  model: ScreenModel
  settings: Settings
  depth: ColorDepth
  theme: ScreenTheme
  /** Takes the colours of the terminal; there only where the theme depends on them. */
  onColors?: (colors: TerminalColors) => void
}

const defaultSize = {cols: 80, rows: 24}

/** A screen with the settings and the theme of the user. Its first notes are their problems, and the session around this process. */
export function createConfiguredModel(gateway: GatewayChoice): ConfiguredModel {
  const depth = process.stdout.getColorDepth() as ColorDepth
  const settingsFile = findSettingsFile()
  const {settings, problems} = readSettings(settingsFile)
  const theme = createThemeSwitch({
    setting: settings.theme,
    settingsFile,
    depth,
    draw: (next) => model.setTheme(next),
  })
  const {choice, problems: themeProblems} = theme.read
  const model = createScreenModel({
    size: terminalSize() ?? defaultSize,
    depth,
    theme: chooseTheme(choice, depth),
    machine: machineOf(gateway),
    bindings: bindKeys(settings.keys),
  })
  for (const text of [...problems, ...themeProblems]) model.addBlock({kind: 'problem', text})
  const outer = ownSession()
  if (outer !== undefined)
    model.addBlock({
      kind: 'note',
      text: `This is a Holdfast inside session ${outer}: Ctrl-D, pressed twice, goes back to it.`,
    })
  return {
    model,
    settings,
    depth,
    theme,
    ...(dependsOnTerminal(choice, depth) && {onColors: theme.setColors}),
  }
}
