import {join} from 'node:path'

import * as z from 'zod'

import {readSmallFile, UnexpectedFileError} from '../files/read-small-file.ts'
import {userFolder} from '../process/user-folder.ts'
import {defaultDetachKey, detachKeySyntax, parseDetachKey} from './detach-key.ts'
import {findJsonFault} from './find-json-fault.ts'

/** A larger file is no settings file, bytes. */
const maxBytes = 64 * 1024

/** All settings with their defaults. */
const settingsSchema = z.object({
  /** How to notify the user: the terminal bell, a notification (OSC 9), or not at all. */
  notify: z.enum(['bell', 'osc9', 'off']).default('bell'),
  /** Notify at the end of commands that took at least this long, seconds. */
  notifyAfterSeconds: z.number().min(0).default(10),
  /** What the composer begins with: our sign, or the prompt of the session's shell. */
  prompt: z.enum(['ours', 'shell']).default('ours'),
  /** Whether prompts that wait in the queue run after a failure, or wait for the user. */
  queue: z.enum(['hold-on-failure', 'always']).default('hold-on-failure'),
  /** How a program that wants the whole terminal gets it: by itself, by Enter, or by a key only. */
  attach: z.enum(['auto', 'ask', 'key']).default('auto'),
  /** The key that detaches the terminal. */
  detachKey: z
    .string()
    .refine((text) => parseDetachKey(text) !== undefined, `expected ${detachKeySyntax}`)
    .default(defaultDetachKey),
})

export type Settings = z.infer<typeof settingsSchema>

/** The settings file: `$XDG_CONFIG_HOME/holdfast/config.json`, else `~/.config/holdfast/config.json`. */
export function findSettingsFile(
  {XDG_CONFIG_HOME}: Readonly<Record<string, string | undefined>> = process.env,
): string {
  // The XDG Base Directory Specification says to ignore a relative path.
  const folder = XDG_CONFIG_HOME?.startsWith('/') ? XDG_CONFIG_HOME : join(userFolder(), '.config')
  return join(folder, 'holdfast/config.json')
}

export interface ReadSettings {
  settings: Settings
  /** One sentence for each problem of the file; a setting with a problem has its default. */
  problems: readonly string[]
}

/** Reads the settings. Never throws: problems are reported, and defaults used. */
export async function readSettings(file: string): Promise<ReadSettings> {
  let text: string
  try {
    text = (await readSmallFile(file, {maxBytes})).text
  } catch (error) {
    const settings = settingsSchema.parse({})
    if (error instanceof UnexpectedFileError) return {settings, problems: [`${file} is ignored: ${error.message}`]}
    const {code} = error as NodeJS.ErrnoException
    const isThere = code !== 'ENOENT' && code !== 'ENOTDIR'
    return {settings, problems: isThere ? [`${file} cannot be read (${code})`] : []}
  }
  return parseSettings(text, file)
}

/** Parses the settings in a text; `file` is named in problems. Pure. */
export function parseSettings(text: string, file: string): ReadSettings {
  const parsed = parseJson(text)
  if ('fault' in parsed) return {settings: settingsSchema.parse({}), problems: [`${file} is ignored: ${parsed.fault}`]}
  const problems: string[] = []
  const good: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(parsed.object)) {
    const schema = (settingsSchema.shape as Readonly<Record<string, (typeof settingsSchema.shape)[keyof Settings]>>)[
      key
    ]
    if (schema === undefined) {
      problems.push(`\`${key}\` in ${file} is not a setting; the settings are ${knownSettings()}`)
      continue
    }
    const read = schema.safeParse(value)
    if (read.success) good[key] = read.data
    else problems.push(`\`${key}\` in ${file}: ${read.error.issues[0]?.message}, got \`${JSON.stringify(value)}\``)
  }
  return {settings: settingsSchema.parse(good), problems}
}

function knownSettings(): string {
  return new Intl.ListFormat('en').format(Object.keys(settingsSchema.shape).map((key) => `\`${key}\``))
}

function parseJson(text: string): {object: object} | {fault: string} {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const {line, column} = findJsonFault(text)
    return {fault: `it is not JSON at line ${line}, column ${column}: correct it, or delete the file`}
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {object: value}
  return {
    fault: `expected an object with settings, such as {"notify": "off"}, got ${value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`}`,
  }
}
