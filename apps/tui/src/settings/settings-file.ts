import {replaceFile} from '../files/replace-file.ts'
import {UserError} from '../process/user-error.ts'
import {findSettingsFile} from './find-settings-file.ts'
import {readSettingsObject, readSettingsText} from './read-settings.ts'
import {pathOf} from './setting-values.ts'
import {settingNames} from './settings-schema.ts'

export interface SettingsFile {
  file: string
  /** `{}` if there is no file. */
  text: string
  /** The settings as the file has them. */
  object: object
}

/** Reads the settings file. Throws a `UserError` if it is no JSON, or cannot be read. */
export function openSettingsFile(): SettingsFile {
  const file = findSettingsFile()
  const read = readSettingsText(file)
  if ('problem' in read) throw new UserError(read.problem)
  const text = read.text?.trim() ? read.text : '{}\n'
  const parsed = readSettingsObject(text)
  if ('fault' in parsed) throw new UserError(`${file} is ignored: ${parsed.fault}`)
  return {file, text, object: parsed.object}
}

export function writeSettingsFile(file: string, text: string): void {
  try {
    replaceFile(file, text)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    throw new UserError(`the settings cannot be saved in ${file} (${code})`, {cause: error})
  }
}

/** The path of a setting. Throws a `UserError` if there is no such setting. */
export function expectSetting(name: string): readonly string[] {
  const path = pathOf(name)
  if (path !== undefined) return path
  const names = new Intl.ListFormat('en').format(settingNames.map((one) => `\`${one}\``))
  throw new UserError(`there is no setting \`${name}\`; the settings are ${names}`, {code: 'usage'})
}
