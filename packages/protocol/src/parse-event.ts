import * as z from 'zod/mini'

import {readEphemeralEvent, type EphemeralEvent} from './ephemeral-events.ts'
import {eventPayloads, type EventType, type LoggedEvent, type SessionEvent} from './events.ts'
import {sessionIdPattern} from './ids.ts'
import {lazily} from './lazily.ts'
import {openObject} from './open-object.ts'
import {parseWith} from './parse-with.ts'
import {wholeNumber} from './whole-number.ts'

const envelopeSchema = lazily(() =>
  openObject({
    type: z.string(),
    session_id: z.string().check(z.regex(sessionIdPattern)),
    seq: wholeNumber(1),
    at: z.number(),
    payload: z.optional(z.unknown()),
  }),
)
export type EventEnvelope = z.infer<ReturnType<typeof envelopeSchema>>

/**
 * Reads the envelope of a logged event, for a process that forwards the event without parsing its payload. `undefined` for
 * anything else.
 */
export function readEnvelope(params: unknown): EventEnvelope | undefined {
  return envelopeSchema().safeParse(params).data
}

/**
 * Parses the params of an `event` notification. A logged event of a type that this version does not know comes out with the
 * type `unknown`. Throws a `$ZodError` where the envelope or the payload does not match its schema.
 */
export function parseEvent(params: unknown): LoggedEvent | EphemeralEvent {
  const ephemeral = readEphemeralEvent(params)
  if (ephemeral !== undefined) return ephemeral
  const {type, session_id, seq, at, payload} = parseWith(envelopeSchema(), params)
  // `hasOwn`: a type such as `constructor` must not find what every object inherits.
  if (!Object.hasOwn(eventPayloads, type)) return {type: 'unknown', session_id, seq, at}
  const schema: z.ZodMiniType = eventPayloads[type as EventType]()
  return {type, session_id, seq, at, payload: parseWith(schema, payload)} as SessionEvent
}
