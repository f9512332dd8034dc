import * as z from 'zod/mini'

import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'

/** The greeting: the first message of a gateway or host on each connection. `version`: the program's version. */
const readySchema = lazily(() => openObject({protocol: z.int(), version: z.string()}))

/** What the running program seems to do. A hint: never wait for it. */
const activitySchema = lazily(() =>
  openObject({
    /** `waiting-for-input`: it reads its terminal. `quiet`: it prints nothing, and the host does not know what it waits for. */
    state: z.enum(['running', 'waiting-for-input', 'quiet']),
    /** When this state began, epoch milliseconds. */
    since: z.number(),
    /**
     * Whether the terminal echoes typed text; `false` while a program asks for a password. Missing where the program does not
     * wait for a line, or the host does not know.
     */
    echo: z.optional(z.boolean()),
  }),
)
export type Activity = z.infer<ReturnType<typeof activitySchema>>

const attachOutputSchema = lazily(() =>
  openObject({
    attach_id: z.string(),
    text: z.optional(z.string()),
    base64: z.optional(z.string()),
    /** This is the whole screen, for a terminal that has just been reset; what follows continues from it. */
    repaint: z.optional(z.literal(true)),
  }),
)

/** `code`: one of `errorCodes`. */
const problemSchema = lazily(() => openObject({code: z.int(), message: z.string()}))
type Problem = z.infer<ReturnType<typeof problemSchema>>

/** An event that matters only now: it has no `seq`, and the log does not keep it. */
export type EphemeralEvent =
  /** The greeting. It belongs to no session. */
  | {type: 'gateway.ready'; payload: z.infer<ReturnType<typeof readySchema>>}
  /** Comes in place of the greeting: there is no room for this connection, which closes. */
  | {type: 'gateway.refused'; payload: Problem}
  /** The gateway could not restart the host of the session. `session.resume` tries again. */
  | {type: 'session.unavailable'; session_id: string; payload: Problem}
  /** The host cannot save events at the moment. Programs that print wait. Holds until the next logged event. */
  | {type: 'session.not-saved'; session_id: string; payload: Problem}
  /** The host is alive but does not answer. Holds until the next logged event, or `session.responsive`. */
  | {type: 'session.unresponsive'; session_id: string; payload: Problem}
  /** The host answers again. */
  | {type: 'session.responsive'; session_id: string}
  /** The activity of the running program changed. Each prompt begins as `running`. */
  | {type: 'session.activity'; session_id: string; payload: Activity}
  /** Output of the program, for the attached client only. */
  | {type: 'attach.output'; session_id: string; payload: z.infer<ReturnType<typeof attachOutputSchema>>}

const withPayload = (type: string, payload: () => z.ZodMiniType) =>
  lazily(() => openObject({type: z.literal(type), session_id: z.string(), payload: payload()}))

const schemas: Readonly<Record<string, () => z.ZodMiniType>> = {
  'gateway.ready': lazily(() => openObject({type: z.literal('gateway.ready'), payload: readySchema()})),
  'gateway.refused': lazily(() => openObject({type: z.literal('gateway.refused'), payload: problemSchema()})),
  'session.unavailable': withPayload('session.unavailable', problemSchema),
  'session.not-saved': withPayload('session.not-saved', problemSchema),
  'session.unresponsive': withPayload('session.unresponsive', problemSchema),
  'session.responsive': lazily(() => openObject({type: z.literal('session.responsive'), session_id: z.string()})),
  'session.activity': withPayload('session.activity', activitySchema),
  'attach.output': withPayload('attach.output', attachOutputSchema),
} satisfies Record<EphemeralEvent['type'], unknown>

/** Reads an ephemeral event; `undefined` where `params` is none. */
export function readEphemeralEvent(params: unknown): EphemeralEvent | undefined {
  const {type} = (params ?? {}) as {type?: unknown}
  // `hasOwn`: a type such as `constructor` must not find what every object inherits.
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) return undefined
  return schemas[type]?.().safeParse(params).data as EphemeralEvent | undefined
}

/** Whether `params` are an ephemeral event. */
export function isEphemeralEvent(params: unknown): boolean {
  return readEphemeralEvent(params) !== undefined
}
