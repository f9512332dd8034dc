import {join} from 'node:path'

import type {PermissionPolicy} from '@holdfast/protocol'
import * as z from 'zod'

import {readRegularFile, UnexpectedFileError} from '../files/read-small-file.ts'
import {userFolder} from '../process/user-folder.ts'
import {
  agentEntry,
  type AgentEntry,
  agentName,
  folders,
  mcpServerEntry,
  type McpServerEntry,
  mcpServerName,
  policyAnswer,
  toolKinds,
} from './agent-settings.ts'
import {defaultDetachKey, detachKeySyntax, parseDetachKey} from './detach-key.ts'
import {findJsonFault} from './find-json-fault.ts'
import {findJsonLine} from './find-json-line.ts'

/** A larger file is no settings file, bytes. */
const maxBytes = 64 * 1024

/** The settings whose value is valid or not as a whole. */
const wholeSettings = z.object({
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
  /** The coding agent that `--agent` without a name means. */
  agent: agentName.optional(),
  /** Folders in which agents may read and write, beside that of the session. */
  folders: folders.default([]),
  /** An agent is ended after this time without a prompt and without a watching client. */
  hibernateAfterMinutes: z.number().positive().max(10_000).default(15),
})

interface Entries {
  name: z.ZodType<string>
  value(value: unknown): z.ZodType
}

/** The settings of named entries. An invalid one is left out, and the others hold. */
const entrySettings: ReadonlyMap<string, Entries> = new Map(
  Object.entries({
    /** Coding agents, beside those that are well known. */
    agents: {name: agentName, value: () => agentEntry},
    /** Servers of the Model Context Protocol, for every agent. */
    mcpServers: {name: mcpServerName, value: mcpServerEntry},
    /** How the permission questions of agents are answered. */
    permissions: {name: z.enum(toolKinds), value: () => policyAnswer},
  }),
)

const wholeSchemas: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(wholeSettings.shape))

export type Settings = z.infer<typeof wholeSettings> & {
  agents: Readonly<Record<string, AgentEntry>>
  mcpServers: Readonly<Record<string, McpServerEntry>>
  permissions: PermissionPolicy
}

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
  /** The problem of each agent that was left out. */
  agentProblems: Readonly<Record<string, string>>
}

/** Reads the settings. Never throws: problems are reported, and defaults used. */
export function readSettings(file: string): ReadSettings {
  let text: string
  try {
    text = readRegularFile(file, maxBytes)
  } catch (error) {
    if (error instanceof UnexpectedFileError) return withDefaults([`${file} is ignored: ${error.message}`])
    const {code} = error as NodeJS.ErrnoException
    const isThere = code !== 'ENOENT' && code !== 'ENOTDIR'
    return withDefaults(isThere ? [`${file} cannot be read (${code})`] : [])
  }
  return parseSettings(text, file)
}

/** Parses the settings in a text; `file` is named in problems. Pure. */
export function parseSettings(text: string, file: string): ReadSettings {
  const parsed = parseJson(text)
  if ('fault' in parsed) return withDefaults([`${file} is ignored: ${parsed.fault}`])
  const problems: string[] = []
  const agentProblems: Record<string, string> = {}
  const good: Record<string, unknown> = {}

  const place = (path: readonly PropertyKey[]) =>
    `\`${path.map(String).join('.')}\` in ${file}, line ${findJsonLine(text, path)}`
  const report = (path: readonly PropertyKey[], problem: string) => {
    const [setting, name] = path
    problems.push(problem)
    if (setting === 'agents' && name !== undefined) agentProblems[String(name)] ??= problem
  }
  /** The valid value, or undefined. */
  const check = (path: readonly PropertyKey[], schema: z.ZodType, value: unknown): unknown => {
    const read = schema.safeParse(value)
    if (read.success) return read.data
    const [issue] = read.error.issues
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    const at = [...path, ...(issue?.path ?? []), ...unknown]
    report(at, `${place(at)}: ${issue?.message}${isSecret(path) ? '' : `, got \`${JSON.stringify(value)}\``}`)
    return undefined
  }
  const checkEntries = (key: string, value: unknown, schemas: Entries): Record<string, unknown> => {
    const entries: Record<string, unknown> = {}
    if (!isObject(value)) {
      report([key], `${place([key])}: expected an object, got ${kindOf(value)}`)
      return entries
    }
    for (const [name, entry] of Object.entries(value)) {
      const isNamed = schemas.name.safeParse(name)
      if (!isNamed.success) report([key, name], `${place([key, name])}: ${isNamed.error.issues[0]?.message}`)
      const valid = isNamed.success ? check([key, name], schemas.value(entry), entry) : undefined
      if (valid !== undefined) entries[name] = valid
    }
    return entries
  }

  for (const [key, value] of Object.entries(parsed.object)) {
    const whole = wholeSchemas.get(key)
    const entries = entrySettings.get(key)
    if (entries !== undefined) good[key] = checkEntries(key, value, entries)
    else if (whole !== undefined) good[key] = check([key], whole, value)
    else report([key], `${place([key])}, is not a setting; the settings are ${knownSettings()}`)
  }
  return {settings: complete(good), problems, agentProblems}
}

/** Whether keys may be in the value: problems do not show it. */
function isSecret([setting]: readonly PropertyKey[]): boolean {
  return setting === 'agents' || setting === 'mcpServers'
}

function withDefaults(problems: readonly string[]): ReadSettings {
  return {settings: complete({}), problems, agentProblems: {}}
}

function complete(good: Readonly<Record<string, unknown>>): Settings {
  return {agents: {}, mcpServers: {}, permissions: {}, ...good, ...wholeSettings.parse(good)}
}

function knownSettings(): string {
  const keys = [...wholeSchemas.keys(), ...entrySettings.keys()]
  return new Intl.ListFormat('en').format(keys.map((key) => `\`${key}\``))
}

function parseJson(text: string): {object: object} | {fault: string} {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const {line, column} = findJsonFault(text)
    return {fault: `it is not JSON at line ${line}, column ${column}: correct it, or delete the file`}
  }
  if (isObject(value)) return {object: value}
  return {fault: `expected an object with settings, such as {"notify": "off"}, got ${kindOf(value)}`}
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
