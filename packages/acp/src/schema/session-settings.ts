import * as z from 'zod'

import {optional} from './content.ts'

export const modes = z.object({
  currentModeId: z.string(),
  availableModes: z.array(z.object({id: z.string(), name: z.string(), description: optional(z.string())})),
})
export type Modes = z.infer<typeof modes>

/** Older agents list their models here; newer ones have a configuration option of the category `model`. */
export const models = z.object({
  currentModelId: z.string(),
  availableModels: z.array(z.object({modelId: z.string(), name: z.string(), description: optional(z.string())})),
})
export type Models = z.infer<typeof models>

const choice = z.object({value: z.string(), name: z.string(), description: optional(z.string())})

/** A setting of the agent. Options of types that are not known are kept as they came. */
const configOption = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  category: optional(z.string()),
  description: optional(z.string()),
  currentValue: z.union([z.string(), z.boolean()]).optional(),
  options: optional(
    z.array(z.union([choice, z.object({group: z.string(), name: z.string(), options: z.array(choice)})])),
  ),
})
export const configOptions = z.array(configOption)
export type ConfigOption = z.infer<typeof configOption>

export const commands = z.array(
  z.object({name: z.string(), description: z.string(), input: optional(z.object({hint: z.string()}))}),
)
export type Command = z.infer<typeof commands>[number]
