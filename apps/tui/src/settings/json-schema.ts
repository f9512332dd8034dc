import * as z from 'zod'

import {entrySettings, schemaKey, wholeSettings} from './settings-schema.ts'

/** The JSON Schema of the settings file, by which an editor completes it. Pure. */
export function settingsJsonSchema(): object {
  const entries = [...entrySettings].map(([setting, {description, name, values, known}]) => {
    const value = z.union(values as [z.ZodType, ...z.ZodType[]])
    const record =
      known === undefined
        ? z.record(name, value)
        : z.strictObject(
            Object.fromEntries(
              Object.entries(known).map(([entry, one]) => [entry, value.optional().describe(one.description)]),
            ),
          )
    return [setting, record.optional().describe(description)] as const
  })
  const shape = {[schemaKey]: z.string().optional(), ...wholeSettings.shape, ...Object.fromEntries(entries)}
  return z.toJSONSchema(z.strictObject(shape), {io: 'input', unrepresentable: 'any'})
}
