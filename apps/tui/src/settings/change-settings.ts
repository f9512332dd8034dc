import {UserError} from '../process/user-error.ts'
import {checkSettings, type SettingFault} from './check-settings.ts'
import {setInText, unsetInText} from './edit-settings-text.ts'
import {readSettingsObject} from './read-settings.ts'
import {expectSetting, openSettingsFile, writeSettingsFile} from './settings-file.ts'

/** Sets a setting in the file: to the text, or to the JSON that it is, if the setting takes no such text. */
export function setSetting(name: string, given: string): void {
  const path = expectSetting(name)
  const {file, text, object} = openSettingsFile()
  const values = [given, ...jsonIn(given)]
  const tried = values.map((value) => {
    const next = setInText(text, path, value)
    return {next, problem: problemOf(next, object, path, value)}
  })
  const good = tried.find(({problem}) => problem === undefined)
  if (good === undefined) throw new UserError(`\`${name}\`: ${tried.at(-1)?.problem}`, {code: 'usage'})
  writeSettingsFile(file, good.next)
}

/** Takes a setting out of the file, so that it has its default. */
export function unsetSetting(name: string): void {
  const path = expectSetting(name)
  const {file, text} = openSettingsFile()
  const next = unsetInText(text, path)
  if (next !== text) writeSettingsFile(file, next)
}

/** The value that a text is as JSON, if that is another one. */
function jsonIn(text: string): unknown[] {
  try {
    return [JSON.parse(text) as unknown]
  } catch {
    return []
  }
}

/** What is wrong with the settings because the one at a path was changed. */
function problemOf(text: string, before: object, path: readonly string[], value: unknown): string | undefined {
  const read = readSettingsObject(text)
  if ('fault' in read) return read.fault
  const at = path.reduce<unknown>((object, key) => (object as Record<string, unknown>)[key], read.object)
  if (JSON.stringify(at) !== JSON.stringify(value)) return 'it is in the file twice: remove one of the two'
  const known = checkSettings(before).faults.map((fault) => JSON.stringify(fault))
  const {faults} = checkSettings(read.object)
  const isOwn = (fault: SettingFault) => path.every((key, level) => fault.path[level] === key)
  const fault = faults.find(isOwn) ?? faults.find((one) => !known.includes(JSON.stringify(one)))
  if (fault === undefined) return undefined
  const where = (isOwn(fault) ? fault.path.slice(path.length) : fault.path).map(String).join('.')
  return where === '' ? fault.problem : `\`${where}\`: ${fault.problem}`
}
