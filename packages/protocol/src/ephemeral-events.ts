import * as z from 'zod/mini'

import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'
import type {Output} from './output.ts'
import {sessionSummarySchema, type SessionSummary} from './session-summary.ts'
import {wholeNumber} from './whole-number.ts'

/** The greeting: the first message of a gateway or host on each connection. `version`: the program's version. */
const readySchema = lazily(() =>
  openObject({
    protocol: z.int(),
    version: z.string(),
    /** Methods that change something fail with `readOnly`. */
    read_only: z.optional(z.literal(true)),
    /** The name under which the gateway knows this client, and under which the log has what it does. */
    client: z.optional(z.string()),
  }),
)
export type Greeting = z.infer<ReturnType<typeof readySchema>>

/** Another client that looks at the session. */
const viewerSchema = lazily(() =>
  openObject({
    name: z.string(),
    /** The size of its screen, if it has told one. */
    cols: z.optional(z.int()),
    rows: z.optional(z.int()),
    /** It has typed in the session. */
    types: z.optional(z.literal(true)),
    /** It may only look. */
    read_only: z.optional(z.literal(true)),
    /** The terminal of the session is as wide, or as high, as its screen. */
    sets_size: z.optional(z.literal(true)),
  }),
)
export type Viewer = z.infer<ReturnType<typeof viewerSchema>>

/** The other clients that look at the session, and the size of its terminal. */
const viewersSchema = lazily(() =>
  openObject({
    cols: z.int(),
    rows: z.int(),
    /** Those that set the size, then in the order in which they came; at most `maxNamedViewers`. */
    viewers: z.array(viewerSchema()),
    /** How many others look. */
    more: z.optional(wholeNumber(1)),
  }),
)
export type Viewers = z.infer<ReturnType<typeof viewersSchema>>

/**
 * Where typed keys go. `none`: the program reads nothing, as far as the host knows; what is typed waits as the next prompts.
 * `line`: it reads a line, or edits one with an echo of its own, as a REPL does. `key`: it reads a key, which its terminal shows. `hidden`: it reads a line, and its terminal
 * shows nothing (echo off), as for a password. `terminal`: it wants the whole terminal: alternate screen, or keys without an
 * echo.
 */
export const programInputSchema = lazily(() => z.enum(['none', 'line', 'key', 'hidden', 'terminal']))
export type ProgramInput = z.infer<ReturnType<typeof programInputSchema>>

/**
 * When the host last saw the terminal of a running program with its echo off, or saw that end, epoch milliseconds of the host;
 * 0: never. It only increases, and a client only sends it back: clocks are never compared.
 */
export const hiddenAtSchema = lazily(() => z.number())

/** What the running program seems to do. A hint: never wait for it. */
const activitySchema = lazily(() =>
  openObject({
    /** `waiting-for-input`: it reads its terminal. `quiet`: it prints nothing, and the host does not know what it waits for. */
    state: z.enum(['running', 'waiting-for-input', 'quiet']),
    /** When this state began, epoch milliseconds. */
    since: z.number(),
    input: programInputSchema(),
    hidden_at: hiddenAtSchema(),
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
    /** The client confirms it by `attach.taken`, so only a bounded part of it is under way. No gateway may drop it. */
    lossless: z.optional(z.literal(true)),
  }),
)

/** Decode it with `decodeOutput`. */
const promptSchema = lazily(() => openObject({text: z.optional(z.string()), base64: z.optional(z.string())}))

/** `code`: one of `errorCodes`. */
const problemSchema = lazily(() => openObject({code: z.int(), message: z.string()}))
type Problem = z.infer<ReturnType<typeof problemSchema>>

/** An event that matters only now: it has no `seq`, and the log does not keep it. */
export type EphemeralEvent =
  /** The greeting. It belongs to no session. */
  | {type: 'gateway.ready'; payload: z.infer<ReturnType<typeof readySchema>>}
  /** The connection closes: there is no room for it, in place of the greeting, or the client speaks another protocol version. */
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
  /** What the shell printed for its prompt: it waits for a command. */
  | {type: 'session.prompt'; session_id: string; payload: Output}
  /** Other clients came, left, typed first or have another size, or the terminal has. Comes after each resume. */
  | {type: 'session.viewers'; session_id: string; payload: Viewers}
  /** A session is new, or its summary has changed: for clients of `sessions.watch` only. */
  | {type: 'session.changed'; session_id: string; payload: SessionSummary}
  /** The session was deleted: for clients of `sessions.watch` only. */
  | {type: 'session.deleted'; session_id: string}
  /** Output of the program, for the attached client only. */
  | {type: 'attach.output'; session_id: string; payload: z.infer<ReturnType<typeof attachOutputSchema>>}

const withPayload = (type: string, payload: () => z.ZodMiniType) =>
  lazily(() => openObject({type: z.literal(type), session_id: z.string(), payload: payload()}))

export const ephemeralEventSchemas: Readonly<Record<string, () => z.ZodMiniType>> = {
  'gateway.ready': lazily(() => openObject({type: z.literal('gateway.ready'), payload: readySchema()})),
  'gateway.refused': lazily(() => openObject({type: z.literal('gateway.refused'), payload: problemSchema()})),
  'session.unavailable': withPayload('session.unavailable', problemSchema),
  'session.not-saved': withPayload('session.not-saved', problemSchema),
  'session.unresponsive': withPayload('session.unresponsive', problemSchema),
  'session.responsive': lazily(() => openObject({type: z.literal('session.responsive'), session_id: z.string()})),
  'session.activity': withPayload('session.activity', activitySchema),
  'session.prompt': withPayload('session.prompt', promptSchema),
  'session.viewers': withPayload('session.viewers', viewersSchema),
  'session.changed': withPayload('session.changed', sessionSummarySchema),
  'session.deleted': lazily(() => openObject({type: z.literal('session.deleted'), session_id: z.string()})),
  'attach.output': withPayload('attach.output', attachOutputSchema),
} satisfies Record<EphemeralEvent['type'], unknown>

/** Reads an ephemeral event; `undefined` where `params` is none. */
export function readEphemeralEvent(params: unknown): EphemeralEvent | undefined {
  const {type} = (params ?? {}) as {type?: unknown}
  // `hasOwn`: a type such as `constructor` must not find what every object inherits.
  if (typeof type !== 'string' || !Object.hasOwn(ephemeralEventSchemas, type)) return undefined
  return ephemeralEventSchemas[type]?.().safeParse(params).data as EphemeralEvent | undefined
}

/** Whether an event is output of a lossless attachment, which no gateway drops. */
export function isLosslessOutput(event: EphemeralEvent): boolean {
  return event.type === 'attach.output' && event.payload.lossless === true
}
