import type {PermissionPolicy} from '@holdfast/protocol'
import * as z from 'zod'

import {keyActions} from '../keys/key-actions.ts'
import type {BoundKeys} from '../keys/resolve-conflicts.ts'
import {isThemeName, themeNames} from '../theme/choose-theme.ts'
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
import {keyActionName, keySetting} from './key-settings.ts'

/**
 * The settings whose value is valid or not as a whole. The descriptions are those of `holdfast config`, of the JSON Schema, of the
 * man page and of docs/settings.md.
 */
export const wholeSettings = z.object({
  notify: z
    .enum(['bell', 'osc9', 'osc777', 'off'])
    .default('bell')
    .describe(
      'how to notify you, while the terminal does not have the focus, when a long command has ended or waits for input, or an agent asks a question: `bell`, `osc9` or `osc777` (a notification, in terminals that support these sequences), `off`',
    ),
  progress: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'whether the taskbar, or the tab of the terminal, shows that a long command runs (OSC 9;4): `auto` (in terminals that are known to support it), `on`, `off`',
    ),
  notifyAfterSeconds: z
    .number()
    .min(0)
    .default(10)
    .describe('notify of commands that took at least this long, seconds'),
  prompt: z
    .enum(['ours', 'shell'])
    .default('ours')
    .describe(
      "what the composer begins with while nothing runs: `ours` (`❯`), or `shell`, the prompt of the session's shell in its own colours",
    ),
  queue: z
    .enum(['hold-on-failure', 'always'])
    .default('hold-on-failure')
    .describe(
      'what happens to queued prompts when a command before them fails: `hold-on-failure`, they wait for you; `always`, they run',
    ),
  attach: z
    .enum(['auto', 'ask', 'key'])
    .default('auto')
    .describe(
      'how a program that wants the whole terminal gets it: `auto` (by itself), `ask` (Enter gives it), `key` (only the key of `attach` gives it)',
    ),
  detachKey: z
    .string()
    .refine((text) => parseDetachKey(text) !== undefined, `expected ${detachKeySyntax}`)
    .default(defaultDetachKey)
    .describe('the key that takes the terminal back from a program: `ctrl-` and a letter or `\\`, once or twice'),
  theme: z
    .string()
    .refine(
      (text) => isThemeName(text) || text.endsWith('.json'),
      `expected ${themeNames.join(', ')} or the path of a .json file`,
    )
    .default('auto')
    .meta({examples: [...themeNames]})
    .describe(`how the screen is drawn: ${themeNames.map((name) => `\`${name}\``).join(', ')}, or a file of your own`),
  hints: z
    .enum(['on', 'off'])
    .default('on')
    .describe('whether the screen shows the keys of the moment below the composer, and what to do when it is empty'),
  tabs: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe('the line of open sessions above the status line: `auto`, from 100 columns on; `on`; `off`'),
  agent: agentName.optional().describe('the coding agent that `--agent` without a name means'),
  folders: folders.default([]).describe('folders in which agents may read and write, beside that of the session'),
  hibernateAfterMinutes: z
    .number()
    .positive()
    .max(10_000)
    .default(15)
    .describe('an agent is ended after this time without a prompt and without a watching client, minutes'),
  recordScreens: z
    .enum(['driven', 'always', 'never'])
    .default('driven')
    .describe(
      'whether the log has what programs draw on the alternate screen, for `holdfast record`: `driven`, in sessions with a program of their own and from the first key of `holdfast keys` on; `always`; `never`',
    ),
  recordScreensMiB: z
    .number()
    .positive()
    .max(1024)
    .default(16)
    .describe('how much of what each program draws is kept, MiB'),
  mcpFolders: folders
    .default([])
    .describe('folders in which, or below which, agents may open sessions with `holdfast mcp`; empty: anywhere'),
  mcpReadOnly: z.boolean().default(false).describe('whether `holdfast mcp` has only the tools that change nothing'),
  mcpOtherSessions: z
    .enum(['none', 'read', 'write'])
    .default('read')
    .describe(
      'what agents may do by `holdfast mcp` with the sessions that you opened: `none`, `read`, `write`; a session with the tag `mcp` is theirs',
    ),
})

/** A setting with named entries. An invalid one is left out, and the others hold. */
export interface EntrySetting {
  description: string
  name: z.ZodType<string>
  /** The schema for the value of an entry. */
  value(value: unknown): z.ZodType
  /** All that the value of an entry can be. */
  values: readonly z.ZodType[]
  /** The entries that there are without the file: what each is for, and its default. @default the names are the user's */
  known?: Readonly<Record<string, {description: string; byDefault: unknown}>>
  /** Keys may be in a value: only `config get` shows it. */
  isSecret: boolean
}

export const entrySettings: ReadonlyMap<string, EntrySetting> = new Map(
  Object.entries({
    agents: {
      description: 'coding agents, beside those that are well known: how to run each',
      name: agentName,
      value: () => agentEntry,
      values: [agentEntry],
      isSecret: true,
    },
    mcpServers: {
      description: 'servers of the Model Context Protocol, for every agent',
      name: mcpServerName,
      value: mcpServerEntry,
      values: [mcpServerEntry({}), mcpServerEntry({url: ''})],
      isSecret: true,
    },
    permissions: {
      description:
        'how questions of agents are answered, by the kind of the tool: `ask` (you answer), `allow`, `reject`',
      name: z.enum(toolKinds),
      value: () => policyAnswer,
      values: [policyAnswer],
      known: Object.fromEntries(
        toolKinds.map((kind) => [kind, {description: `tools of the kind \`${kind}\``, byDefault: 'ask'}]),
      ),
      isSecret: false,
    },
    keys: {
      description: 'the keys of actions: one, a list, or `off`',
      name: keyActionName,
      value: keySetting,
      values: [keySetting('off'), keySetting([]), keySetting('')],
      known: Object.fromEntries(
        Object.entries(keyActions).map(([action, {description, keys}]) => [
          action,
          {description, byDefault: keys.length === 1 ? keys[0] : keys},
        ]),
      ),
      isSecret: false,
    },
  } satisfies Record<string, EntrySetting>),
)

export const wholeSchemas: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(wholeSettings.shape))

/** Of all settings, in their order. */
export const settingNames: readonly string[] = [...wholeSchemas.keys(), ...entrySettings.keys()]

/** In the file, the JSON Schema by which an editor completes it. */
export const schemaKey = '$schema'

export type Settings = z.infer<typeof wholeSettings> & {
  agents: Readonly<Record<string, AgentEntry>>
  mcpServers: Readonly<Record<string, McpServerEntry>>
  permissions: PermissionPolicy
  keys: BoundKeys
}
