import {checkSettings, isObject, type SettingFault} from './check-settings.ts'
import {entrySettings, settingNames, wholeSchemas} from './settings-schema.ts'

/** A setting, or an entry of one: `notify`, `keys.attach`. */
export interface SettingValue {
  name: string
  description: string
  /** As the file has it, else the default; `undefined`: it has none. */
  value: unknown
  /** The file sets it. */
  isSet: boolean
  /** Keys may be in the value. */
  isSecret: boolean
}

/**
 * The path of a setting with a dotted name. What is behind the first dot is the name of an entry, which may have dots itself.
 * `undefined`: there is no such setting. Pure.
 */
export function pathOf(name: string): readonly string[] | undefined {
  const [, setting = '', entry] = /^([^.]*)(?:\.(.+))?$/s.exec(name) ?? []
  if (entry === undefined) return settingNames.includes(setting) ? [setting] : undefined
  return entrySettings.get(setting)?.name.safeParse(entry).success === true ? [setting, entry] : undefined
}

/** All settings with their values: of the entries those that are known, and those of the file. Values with a fault do not count. Pure. */
export function listSettings(given: object): readonly SettingValue[] {
  const {faults} = checkSettings(given)
  const whole = [...wholeSchemas.keys()].map((name) => valueOf([name], given, faults))
  const entries = [...entrySettings].flatMap(([setting, {known = {}}]) => {
    const inFile = Object.keys(objectAt(given, setting)).filter((entry) => pathOf(`${setting}.${entry}`) !== undefined)
    return [...new Set([...Object.keys(known), ...inFile])].map((entry) => valueOf([setting, entry], given, faults))
  })
  return [...whole, ...entries]
}

/** The value at the path of a setting. Pure. */
export function valueOf(
  path: readonly string[],
  given: object,
  faults: readonly SettingFault[] = checkSettings(given).faults,
): SettingValue {
  const [setting = '', entry] = path
  const entries = entrySettings.get(setting)
  const known = entry === undefined ? undefined : entries?.known?.[entry]
  const isFaulty = faults.some((fault) => path.every((key, level) => fault.path[level] === key))
  const found = entry === undefined ? at(given, setting) : at(objectAt(given, setting), entry)
  const isSet = found !== undefined && !isFaulty
  return {
    name: path.join('.'),
    description: known?.description ?? entries?.description ?? wholeSchemas.get(setting)?.description ?? '',
    value: isSet ? found : entry === undefined ? defaultOf(setting) : known?.byDefault,
    isSet,
    isSecret: entries?.isSecret ?? false,
  }
}

function defaultOf(setting: string): unknown {
  return entrySettings.has(setting) ? {} : wholeSchemas.get(setting)?.safeParse(undefined).data
}

function objectAt(given: object, key: string): object {
  const value = at(given, key)
  return isObject(value) ? value : {}
}

function at(given: object, key: string): unknown {
  return Object.hasOwn(given, key) ? (given as Record<string, unknown>)[key] : undefined
}
