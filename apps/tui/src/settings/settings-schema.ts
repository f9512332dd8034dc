import * as z from 'zod'

/** All settings with their defaults. */
export const settingsSchema = z.object({
  /** How to notify the user: the terminal bell, a notification (OSC 9), or not at all. */
  notify: z.enum(['bell', 'osc9', 'off']).default('bell'),
  /** Notify at the end of commands that took at least this long, seconds. */
  notifyAfterSeconds: z.number().min(0).default(10),
})

export type Settings = z.infer<typeof settingsSchema>
