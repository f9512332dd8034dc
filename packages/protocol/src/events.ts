import * as z from 'zod/mini'

import {sessionIdPattern} from './ids.ts'
import {lazily} from './lazily.ts'
import {parseBy} from './parse-by.ts'
import {wholeNumber} from './whole-number.ts'

/** How a prompt ended. */
export const promptStatuses = ['complete', 'interrupted', 'failed', 'cancelled'] as const
export type PromptStatus = (typeof promptStatuses)[number]

/** What a session is made of; the first event of each, and again whenever it changes. */
export const sessionInfoSchema = lazily(() =>
  z.looseObject({
    title: z.string(),
    /** What answers the prompts. */
    agent: z.string(),
    /** The folder in which the next prompt runs. */
    cwd: z.string(),
    /** Path of the shell, where the agent is one. */
    shell: z.optional(z.string()),
    /** How the end of a command is known: the shell says so itself (`hooks`), or a line typed behind it does (`sentinel`). */
    completion: z.optional(z.string()),
    /** Epoch ms. */
    created_at: z.number(),
  }),
)
export type SessionInfo = z.infer<ReturnType<typeof sessionInfoSchema>>

/**
 * How much of a prompt's output the log keeps from its beginning, bytes; `null`: all of it. Of what comes after, only the
 * last `tailOutputBytes` are kept.
 */
export const maxOutputBytesSchema = lazily(() => z.nullable(wholeNumber(0)))

/** The bound of a prompt that was given none. */
export const defaultMaxOutputBytes = 64 * 1024 * 1024

/** How much of what is printed between two commands the log keeps, bytes; of the rest, the last `tailOutputBytes`. */
export const maxBackgroundOutputBytes = 8 * 1024 * 1024

/** How much of what came after the bound is kept, bytes: the last. */
export const tailOutputBytes = 1024 * 1024

/** The id of a prompt, of a question or of an attachment, whoever makes it. */
export const idSchema = lazily(() => z.string().check(z.minLength(1), z.maxLength(128)))

/** The longest half-typed prompt that is kept, in UTF-16 units. */
export const maxDraftLength = 1024 * 1024

/** A question of an agent that somebody has to answer before it goes on. */
export const approvalSchema = lazily(() =>
  z.object({
    approval_id: idSchema(),
    prompt_id: idSchema(),
    title: z.string(),
    choices: z.array(z.object({id: z.string(), label: z.string()})).check(z.minLength(1)),
  }),
)
export type Approval = z.infer<ReturnType<typeof approvalSchema>>

/** The payload of each event by its type. Loose: a newer peer may send more. */
export const eventPayloads = {
  'session.info': sessionInfoSchema,
  'session.closed': lazily(() => z.looseObject({reason: z.string()})),
  'prompt.queued': lazily(() =>
    z.looseObject({
      prompt_id: idSchema(),
      text: z.string(),
      position: wholeNumber(0),
      max_output_bytes: z.optional(maxOutputBytesSchema()),
    }),
  ),
  /** A waiting prompt has another text, or another place in the queue (0: the next that runs). */
  'prompt.updated': lazily(() =>
    z.looseObject({
      prompt_id: idSchema(),
      text: z.optional(z.string()),
      position: z.optional(wholeNumber(0)),
    }),
  ),
  'draft.updated': lazily(() => z.looseObject({text: z.string()})),
  'approval.request': lazily(() => z.looseObject(approvalSchema().shape)),
  'approval.resolved': lazily(() =>
    z.looseObject({
      prompt_id: idSchema(),
      approval_id: z.string(),
      choice: z.string(),
      by: z.string(),
    }),
  ),
  'message.start': lazily(() => z.looseObject({prompt_id: idSchema(), text: z.string()})),
  'message.delta': lazily(() =>
    z.looseObject({prompt_id: idSchema(), text: z.optional(z.string()), base64: z.optional(z.string())}),
  ),
  /** So many bytes that came between what is before this and what is after it were not kept. */
  'output.elided': lazily(() => z.looseObject({prompt_id: idSchema(), bytes: wholeNumber(1)})),
  'message.complete': lazily(() =>
    z.looseObject({
      prompt_id: idSchema(),
      status: z.enum(promptStatuses),
      reason: z.optional(z.string()),
      exit_code: z.optional(z.int()),
      signal: z.optional(z.string()),
      /** Left out where it is not known: the host died, and nobody saw when. */
      duration_ms: z.optional(z.number().check(z.minimum(0))),
    }),
  ),
  /** The terminal of a client was handed to the program of a prompt: what that prints is shown there, and not kept. */
  'attach.start': lazily(() => z.looseObject({prompt_id: idSchema(), attach_id: z.string()})),
  /** It was taken back; from here on, output is kept again. */
  'attach.end': lazily(() =>
    z.looseObject({
      prompt_id: idSchema(),
      attach_id: z.string(),
      /** `detached`, `program-ended`, `taken-over` by another client, `client-gone`; `not-painted`: for a fault of ours. */
      reason: z.string(),
      duration_ms: z.number().check(z.minimum(0)),
    }),
  ),
  'shell.exited': lazily(() => z.looseObject({exit_code: z.optional(z.int()), signal: z.optional(z.string())})),
  /** What the shell's terminal showed between two commands: what runs in the background, or the shell about it, printed it. */
  'background.output': lazily(() => z.looseObject({text: z.optional(z.string()), base64: z.optional(z.string())})),
  /** So many bytes of what is printed between two commands were not kept, here. */
  'background.elided': lazily(() => z.looseObject({bytes: wholeNumber(1)})),
  /** Stands where an event was lost to damage of the log. */
  'event.lost': lazily(() => z.looseObject({})),
  note: lazily(() => z.looseObject({text: z.string(), level: z.enum(['info', 'warning'])})),
} as const

export type EventType = keyof typeof eventPayloads
export type EventPayload<T extends EventType> = z.infer<ReturnType<(typeof eventPayloads)[T]>>

/** An event that is not in the log yet: it has no number and no time. */
export type NewEvent = {[T in EventType]: {type: T; payload: EventPayload<T>}}[EventType]

/** An event of a session's log. `seq` counts from 1 without a gap, for ever; `at` is epoch ms. */
export type SessionEvent = {
  [T in EventType]: {type: T; session_id: string; seq: number; at: number; payload: EventPayload<T>}
}[EventType]

/** What the server says first on each connection. */
export const readySchema = lazily(() => z.looseObject({protocol: z.int(), version: z.string()}))
export type Ready = z.infer<ReturnType<typeof readySchema>>

/** What the program that runs seems to be doing: a hint. */
const activitySchema = lazily(() =>
  z.looseObject({
    /** `waiting-for-input`: it reads its terminal. `quiet`: it prints nothing, and what it waits for is not known. */
    state: z.enum(['running', 'waiting-for-input', 'quiet']),
    /** Epoch ms. */
    since: z.number(),
    /** Whether a line that is typed is shown; `false`: it is a secret. Left out where no line is waited for, or it is not known. */
    echo: z.optional(z.boolean()),
  }),
)
export type Activity = z.infer<ReturnType<typeof activitySchema>>

/** An event that only matters now: it has no seq and is not logged. */
export type EphemeralEvent =
  | {type: 'gateway.ready'; payload: Ready}
  /** The host of the session is gone and could not be started again. */
  | {type: 'session.unavailable'; session_id: string; payload: {code: number; message: string}}
  /** What happens in the session cannot be saved at this moment, and waits; holds until its next logged event. */
  | {type: 'session.not-saved'; session_id: string; payload: {code: number; message: string}}
  /** The host lives, but does not answer; holds until its next logged event, or `session.responsive`. */
  | {type: 'session.unresponsive'; session_id: string; payload: {code: number; message: string}}
  /** The host answers again. */
  | {type: 'session.responsive'; session_id: string}
  /** For the client that is attached: what the program prints; with `repaint`, the whole screen, from which it goes on. */
  | {type: 'attach.output'; session_id: string; payload: AttachOutput}
  /** What runs seems to do something else than before; it begins as `running`. */
  | {type: 'session.activity'; session_id: string; payload: Activity}

const attachOutputSchema = lazily(() =>
  z.looseObject({
    attach_id: z.string(),
    text: z.optional(z.string()),
    base64: z.optional(z.string()),
    repaint: z.optional(z.literal(true)),
  }),
)
type AttachOutput = z.infer<ReturnType<typeof attachOutputSchema>>

const sessionNoticeSchema = lazily(() =>
  z.looseObject({
    type: z.enum(['session.unavailable', 'session.not-saved', 'session.unresponsive']),
    session_id: z.string(),
    payload: z.looseObject({code: z.int(), message: z.string()}),
  }),
)

/** The events that only matter now, by their type. */
const ephemeralEvents = {
  'gateway.ready': lazily(() => z.looseObject({type: z.literal('gateway.ready'), payload: readySchema()})),
  'session.unavailable': sessionNoticeSchema,
  'session.not-saved': sessionNoticeSchema,
  'session.unresponsive': sessionNoticeSchema,
  'session.responsive': lazily(() => z.looseObject({type: z.literal('session.responsive'), session_id: z.string()})),
  'session.activity': lazily(() =>
    z.looseObject({type: z.literal('session.activity'), session_id: z.string(), payload: activitySchema()}),
  ),
  'attach.output': lazily(() =>
    z.looseObject({type: z.literal('attach.output'), session_id: z.string(), payload: attachOutputSchema()}),
  ),
} as const

function readEphemeral(params: unknown): EphemeralEvent | undefined {
  const {type} = (params ?? {}) as {type?: unknown}
  return schemaOf(ephemeralEvents, type)?.safeParse(params).data as EphemeralEvent | undefined
}

function schemaOf(table: Readonly<Record<string, () => z.ZodMiniType>>, type: unknown): z.ZodMiniType | undefined {
  // What an object inherits is no schema.
  return typeof type === 'string' && Object.hasOwn(table, type) ? table[type]?.() : undefined
}

/** Whether it is an event that only matters now. */
export function isEphemeralEvent(params: unknown): boolean {
  return readEphemeral(params) !== undefined
}

const envelopeSchema = lazily(() =>
  z.looseObject({
    type: z.string(),
    session_id: z.string().check(z.regex(sessionIdPattern)),
    seq: wholeNumber(1),
    at: z.number(),
  }),
)
export type EventEnvelope = z.infer<ReturnType<typeof envelopeSchema>>

/** Reads the head of a logged event, for whoever forwards it unread; `undefined` where it has no seq. */
export function readEnvelope(params: unknown): EventEnvelope | undefined {
  return envelopeSchema().safeParse(params).data
}

/** An event of a type that this code does not know: its seq counts, its content does not. */
export interface UnknownEvent {
  type: 'unknown'
  session_id: string
  seq: number
  at: number
}

/**
 * Parses the params of an `event` notification where they enter a process. Throws a `$ZodError` for
 * an event that breaks its schema.
 */
export function parseEvent(params: unknown): SessionEvent | EphemeralEvent | UnknownEvent {
  const ephemeral = readEphemeral(params)
  if (ephemeral !== undefined) return ephemeral
  const envelope = parseBy(envelopeSchema(), params)
  const {session_id, seq, at} = envelope
  const schema = schemaOf(eventPayloads, envelope.type)
  if (schema === undefined) return {type: 'unknown', session_id, seq, at}
  return {type: envelope.type, session_id, seq, at, payload: parseBy(schema, envelope.payload)} as SessionEvent
}
