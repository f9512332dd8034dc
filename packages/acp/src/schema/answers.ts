import * as z from 'zod'

import {optional} from './content.ts'
import {configOptions, models, modes} from './session-settings.ts'

/** A capability is there if its field is an object, even an empty one; `true` is accepted, too. */
const capability = z
  .unknown()
  .optional()
  .transform((value) => value === true || (typeof value === 'object' && value !== null))
const flag = optional(z.boolean()).transform((value) => value === true)

const authMethod = z.looseObject({
  id: z.string(),
  name: z.string(),
  description: optional(z.string()),
  /** `terminal`: the user runs the agent's command with these `args` and `env` in a terminal. */
  type: optional(z.string()),
  args: optional(z.array(z.string())),
  env: optional(z.record(z.string(), z.string())),
})
/** A way to log in that the agent offers. */
export type AuthMethod = z.infer<typeof authMethod>

export const initialized = z.object({
  protocolVersion: z.number(),
  agentInfo: optional(z.object({name: z.string(), title: optional(z.string()), version: optional(z.string())})),
  authMethods: optional(z.array(authMethod)).transform((methods) => methods ?? []),
  agentCapabilities: optional(
    z.object({
      loadSession: flag,
      promptCapabilities: optional(z.object({image: flag, audio: flag, embeddedContext: flag})),
      sessionCapabilities: optional(z.object({list: capability, resume: capability, close: capability})),
    }),
  ),
})
export type Initialized = z.infer<typeof initialized>

/** Each part is validated by itself: a session with settings that make no sense is still a session. */
const setting = z.unknown().optional()
const settings = {modes: setting, models: setting, configOptions: setting}
export const newSession = z.object({sessionId: z.string().min(1), ...settings})
/** Of a load or a resume. `null`, nothing and `{}` are success. */
export const restoredSession = optional(z.object(settings))
export const settingSchemas = {modes: optional(modes), models: optional(models), configOptions: optional(configOptions)}
export const optionsChanged = optional(z.object({configOptions: settingSchemas.configOptions}))

export const promptEnded = z.object({stopReason: z.string()})

export const sessionList = z.object({
  sessions: z.array(
    z.object({sessionId: z.string(), cwd: z.string(), title: optional(z.string()), updatedAt: optional(z.string())}),
  ),
  nextCursor: optional(z.string()),
})
/** A page of the sessions that the agent knows. */
export type SessionList = z.infer<typeof sessionList>
