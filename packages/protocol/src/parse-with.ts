import en from 'zod/v4/locales/en.js'
import type * as z from 'zod/mini'

let english: ReturnType<typeof en> | undefined

/**
 * Parses `value`. Throws zod's `$ZodError` with English messages. `zod/mini` has none of its own; they are passed with each
 * call, because the global configuration of zod belongs to the program, and built with the first error, because few
 * processes need them.
 */
export function parseWith<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.infer<Schema> {
  return schema.parse(value, {error: (issue) => (english ??= en()).localeError(issue)})
}
