import {readRegularFile, UnexpectedFileError} from '../files/read-small-file.ts'
import {checkSettings, defaultSettings, isObject, kindOf, type SettingFault} from './check-settings.ts'
import {readJsonText} from '../files/json-text.ts'
import type {Settings} from './settings-schema.ts'

/** A larger file is no settings file, bytes. */
const maxBytes = 64 * 1024

export interface ReadSettings {
  settings: Settings
  /** One sentence for each problem of the file; a setting with a problem has its default. */
  problems: readonly string[]
  /** The problem of each agent that was left out. */
  agentProblems: Readonly<Record<string, string>>
}

/** Reads the settings. Never throws: problems are reported, and defaults used. */
export function readSettings(file: string): ReadSettings {
  const read = readSettingsText(file)
  if ('problem' in read) return withDefaults([read.problem])
  return read.text === undefined ? withDefaults([]) : parseSettings(read.text, file)
}

/** The text of the settings file; `undefined` if there is no file. Never throws. */
export function readSettingsText(file: string): {text: string | undefined} | {problem: string} {
  try {
    return {text: readRegularFile(file, maxBytes)}
  } catch (error) {
    if (error instanceof UnexpectedFileError) return {problem: `${file} is ignored: ${error.message}`}
    const {code} = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? {text: undefined} : {problem: `${file} cannot be read (${code})`}
  }
}

/** Parses the settings in a text; `file` is named in problems. Pure. */
export function parseSettings(text: string, file: string): ReadSettings {
  const read = readSettingsObject(text)
  if ('fault' in read) return withDefaults([`${file} is ignored: ${read.fault}`])
  const {settings, faults} = checkSettings(read.object)
  const problems: string[] = []
  const agentProblems: Record<string, string> = {}
  for (const {path, problem} of faults) {
    const [setting, name] = path
    const sentence = `\`${path.map(String).join('.')}\` in ${file}, line ${read.lineOf(path)}: ${problem}`
    problems.push(sentence)
    if (setting === 'agents' && name !== undefined) agentProblems[String(name)] ??= sentence
  }
  return {settings, problems, agentProblems}
}

/** The object in the text of a settings file, unchecked, or why there is none. Pure. */
export function readSettingsObject(
  text: string,
): {object: object; lineOf: (path: SettingFault['path']) => number} | {fault: string} {
  const read = readJsonText(text)
  if ('fault' in read) {
    const {line, column} = read.fault
    return {fault: `it is not JSON at line ${line}, column ${column}`}
  }
  const {value, lineOf} = read
  if (isObject(value)) return {object: value, lineOf}
  return {fault: `expected an object with settings, such as {"notify": "off"}, got ${kindOf(value)}`}
}

function withDefaults(problems: readonly string[]): ReadSettings {
  return {settings: defaultSettings(), problems, agentProblems: {}}
}
