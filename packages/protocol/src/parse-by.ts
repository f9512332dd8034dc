import en from 'zod/v4/locales/en.js'
import type * as z from 'zod/mini'

let english: ReturnType<typeof en> | undefined

/**
 * Parses what enters a process. Throws zod's `$ZodError`, whose issues say in English what was expected; the words for that
 * are loaded with the first one, and given here, as the configuration of zod is for the program to make.
 */
export function parseBy<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.infer<Schema> {
  return schema.parse(value, {error: (issue) => (english ??= en()).localeError(issue)})
}
