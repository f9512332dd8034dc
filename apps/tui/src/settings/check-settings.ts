import type * as z from 'zod'

import {resolveConflicts, type BoundKeys} from '../keys/resolve-conflicts.ts'
import {
  entrySettings,
  schemaKey,
  settingNames,
  wholeSchemas,
  wholeSettings,
  type EntrySetting,
  type Settings,
} from './settings-schema.ts'

/** A problem of a setting, of one of its entries, or of a part of an entry. */
export interface SettingFault {
  path: readonly PropertyKey[]
  problem: string
}

export interface CheckedSettings {
  /** Those with a fault have their defaults. */
  settings: Settings
  faults: readonly SettingFault[]
}

/** Checks the settings in an object. Pure. */
export function checkSettings(given: object): CheckedSettings {
  const faults: SettingFault[] = []
  const good: Record<string, unknown> = {}

  const report = (path: readonly PropertyKey[], problem: string) => void faults.push({path, problem})
  /** The valid value, or undefined. */
  const check = (path: readonly PropertyKey[], schema: z.ZodType, value: unknown): unknown => {
    const read = schema.safeParse(value)
    if (read.success) return read.data
    const [issue] = read.error.issues
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    const got = isSecret(path) ? '' : `, got \`${JSON.stringify(value)}\``
    report([...path, ...(issue?.path ?? []), ...unknown], `${issue?.message}${got}`)
    return undefined
  }
  const checkEntries = (key: string, value: unknown, setting: EntrySetting): Record<string, unknown> => {
    const entries: Record<string, unknown> = {}
    if (!isObject(value)) {
      report([key], `expected an object, got ${kindOf(value)}`)
      return entries
    }
    for (const [name, entry] of Object.entries(value)) {
      const isNamed = setting.name.safeParse(name)
      if (!isNamed.success) report([key, name], isNamed.error.issues[0]?.message ?? 'expected another name')
      const valid = isNamed.success ? check([key, name], setting.value(entry), entry) : undefined
      if (valid !== undefined) entries[name] = valid
    }
    return entries
  }
  const withoutConflicts = (keys: BoundKeys): BoundKeys => {
    const {bound, conflicts} = resolveConflicts(keys)
    for (const {action, key, other} of conflicts) {
      const remedy = 'bind one of the two to another key, or to "off"'
      report(['keys', action], `${key} is the key of \`${other}\`; ${remedy}`)
    }
    return bound
  }

  for (const [key, value] of Object.entries(given)) {
    const whole = wholeSchemas.get(key)
    const entries = entrySettings.get(key)
    if (entries !== undefined) good[key] = checkEntries(key, value, entries)
    else if (whole !== undefined) good[key] = check([key], whole, value)
    else if (key !== schemaKey) report([key], `there is no such setting; the settings are ${listSettings()}`)
  }
  if (good['keys'] !== undefined) good['keys'] = withoutConflicts(good['keys'] as BoundKeys)
  return {settings: complete(good), faults}
}

/** The settings without a file. */
export function defaultSettings(): Settings {
  return complete({})
}

/** Whether keys may be in the value: problems do not show it. */
function isSecret([setting]: readonly PropertyKey[]): boolean {
  return entrySettings.get(String(setting))?.isSecret ?? false
}

function complete(good: Readonly<Record<string, unknown>>): Settings {
  return {agents: {}, mcpServers: {}, permissions: {}, keys: {}, ...good, ...wholeSettings.parse(good)}
}

function listSettings(): string {
  return new Intl.ListFormat('en').format(settingNames.map((key) => `\`${key}\``))
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** For errors: `a string`. */
export function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
