import * as z from 'zod'

/** All settings: what each may be, and what it is where nobody says. */
export const settingsSchema = z.object({
  /** How the terminal calls its user: a bell, a notification (OSC 9), or not at all. */
  notify: z.enum(['bell', 'osc9', 'off']).default('bell'),
  /** For the end of a run that took so long. */
  notifyAfterSeconds: z.number().min(0).default(10),
})

export type Settings = z.infer<typeof settingsSchema>
