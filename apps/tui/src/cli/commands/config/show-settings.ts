import {toJsonLine, toPlainLine} from '@holdfast/terminal'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'

import {printError} from '../../../process/print-error.ts'
import {printLines} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import {isObject} from '../../../settings/check-settings.ts'
import {parseSettings} from '../../../settings/read-settings.ts'
import {listSettings, valueOf, type SettingValue} from '../../../settings/setting-values.ts'
import {expectSetting, openSettingsFile} from '../../../settings/settings-file.ts'

/** Prints all settings with their values and what they are for, and the problems of the file. */
export async function printSettings({json = false}: {json?: boolean}): Promise<void> {
  const {file, text, object} = openSettingsFile()
  const settings = listSettings(object)
  await printLines(json ? settings.map(toJson) : toTable(settings, process.stdout.columns))
  parseSettings(text, file).problems.forEach(printError)
}

/** Prints the value of a setting: a text as it is, anything else as JSON. */
export async function printSetting(name: string, {json = false}: {json?: boolean}): Promise<void> {
  const path = expectSetting(name)
  const {file, text, object} = openSettingsFile()
  const {value} = valueOf(path, object)
  parseSettings(text, file).problems.forEach(printError)
  if (value === undefined) throw new UserError(`\`${name}\` is not set`)
  await printLines([typeof value === 'string' && !json ? toPlainLine(value) : JSON.stringify(value)])
}

function toJson(setting: SettingValue): string {
  const {name, isSet, description} = setting
  return toJsonLine({name, value: shownValue(setting), set: isSet, description})
}

/** Without the arguments and the environment of agents and servers, which may hold keys. */
function shownValue({value, isSecret}: SettingValue): unknown {
  if (!isSecret || !isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key === 'command' || key === 'url'))
}

/** In a terminal, a longer value is cut, so that there is room for what the setting is for, cells. */
const maxValue = 28

/** In a terminal of `columns` cells, texts are cut so that no row wraps; without it, as in a pipe, nothing is cut. */
function toTable(settings: readonly SettingValue[], columns: number | undefined): string[] {
  const rows = settings.map((setting) => {
    const value = shownValue(setting)
    const from = setting.isSet ? 'file' : value === undefined ? '' : 'default'
    const text = value === undefined ? '-' : toPlainLine(JSON.stringify(value))
    const cell = columns === undefined ? text : cliTruncate(text, maxValue)
    return [setting.name, cell, from, setting.description]
  })
  const table = [['SETTING', 'VALUE', 'FROM', 'WHAT IT IS FOR'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))))
  const pad = (cell: string, column: number) =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)))
  const lines = table.map((row) => row.map(pad).join('  ').trimEnd())
  return columns === undefined ? lines : lines.map((line) => cliTruncate(line, columns))
}
