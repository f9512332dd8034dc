import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

import {settingsSchema, type Settings} from './settings-schema.ts'

/** Where the settings are: `$XDG_CONFIG_HOME/holdfast/config.json`, else `~/.config/holdfast/config.json`. */
export function findSettingsFile(
  {XDG_CONFIG_HOME}: Readonly<Record<string, string | undefined>> = process.env,
): string {
  // The specification has it that a relative path is to be ignored.
  const folder = XDG_CONFIG_HOME?.startsWith('/') ? XDG_CONFIG_HOME : join(homedir(), '.config')
  return join(folder, 'holdfast/config.json')
}

export interface ReadSettings {
  settings: Settings
  /** What is wrong in the file, each a sentence; what it concerns is as if it were not there. */
  problems: readonly string[]
}

/** Reads the settings. What is wrong in the file keeps nobody from the session: it is said, and its default holds. */
export function readSettings(file: string): ReadSettings {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    const isThere = code !== 'ENOENT' && code !== 'ENOTDIR'
    return {settings: settingsSchema.parse({}), problems: isThere ? [`${file} cannot be read (${code})`] : []}
  }
  return parseSettings(text, file)
}

/** The settings that a text holds; `file` is where it comes from. Pure. */
export function parseSettings(text: string, file: string): ReadSettings {
  const given = parseJson(text)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return {settings: settingsSchema.parse({}), problems: [`Expected ${file} to hold a JSON object; it is not used`]}
  }
  const problems: string[] = []
  const good: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given)) {
    const schema = (settingsSchema.shape as Readonly<Record<string, (typeof settingsSchema.shape)[keyof Settings]>>)[
      key
    ]
    if (schema === undefined) {
      problems.push(`\`${key}\` in ${file} is no setting; there are ${knownSettings()}`)
      continue
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) good[key] = parsed.data
    else problems.push(`\`${key}\` in ${file}: ${parsed.error.issues[0]?.message}, got \`${JSON.stringify(value)}\``)
  }
  return {settings: settingsSchema.parse(good), problems}
}

function knownSettings(): string {
  return new Intl.ListFormat('en').format(Object.keys(settingsSchema.shape).map((key) => `\`${key}\``))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
