import * as z from 'zod/mini'

import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'

/** A session in a list of many. */
export const sessionSummarySchema = lazily(() =>
  openObject({
    id: z.string(),
    /** Of an untitled session, the beginning of its first prompt. */
    title: z.string(),
    agent: z.string(),
    cwd: z.string(),
    /**
     * `running`: a prompt runs. `idle`: the host waits for a prompt. `stopped`: the session has no host; opening it starts
     * one. `closed`: only the log is left. `unreadable`: the log cannot be read.
     */
    state: z.enum(['running', 'idle', 'stopped', 'closed', 'unreadable']),
    created_at: z.number(),
    /** Time of the last use. Neither output nor closing the session is use. */
    updated_at: z.number(),
    /** The session ends with its command. */
    one_shot: z.optional(z.boolean()),
    tags: z.optional(z.array(z.string())),
    /** What waits for a user: see `waitsFor`. Only a host knows `password` and `input`. */
    waits_for: z.optional(z.string()),
    /** It has no host since the machine was restarted, and had one then. */
    before_restart: z.optional(z.boolean()),
    /** The seq of the last event, where it is known. */
    latest_seq: z.optional(z.number()),
    /** The machine of the fleet that has it. */
    machine: z.optional(z.string()),
    /** Its machine may have its lease, and does not answer: `state` is what was known last, or `stopped`. */
    machine_silent: z.optional(z.boolean()),
  }),
)
export type SessionSummary = z.infer<ReturnType<typeof sessionSummarySchema>>
