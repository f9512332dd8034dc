import * as z from 'zod'

import {FleetError} from '../fleet-error.ts'

/** The header of each message, as JSON. */
export const envelopeHeader = 'Holdfast'

const whole = z.number().int().nonnegative()

const logEnvelope = z.object({
  v: z.literal(1),
  kind: z.literal('log'),
  /** The claim under which it was written. */
  epoch: whole,
  machine: z.string(),
  /** The stream sequence of the message before it on this subject, as the writer knew it; 0 for none. */
  after: whole,
  /** The seqs of its events. Without events, as at the begin of an epoch, `last` is `first - 1`. */
  first: whole,
  last: whole,
  /** The time of the last event that is complete after this message, epoch ms; 0 for none. */
  at: whole,
  /** Number, from 1, and count of the pieces of an event that is too large for a message. */
  piece: z.tuple([whole, whole]).optional(),
})

const claimEnvelope = z.object({
  v: z.literal(1),
  kind: z.literal('claim'),
  epoch: whole,
  machine: z.string(),
  /** The process that claims: one machine may try twice. */
  instance: z.string(),
  /** The labels that a machine needs to take the session over. */
  needs: z.array(z.string()),
  state: z.enum(['open', 'closed', 'deleted']).default('open'),
})

const envelope = z.discriminatedUnion('kind', [logEnvelope, claimEnvelope])

export type LogEnvelope = z.infer<typeof logEnvelope>
/** What a message has of the log. */
export type LogPart = Pick<LogEnvelope, 'first' | 'last' | 'at' | 'piece'>
export type ClaimEnvelope = z.infer<typeof claimEnvelope>
/** `closed`: it may be claimed again. `deleted`: never again. */
export type SessionState = ClaimEnvelope['state']
export type Envelope = z.infer<typeof envelope>

/** A message of a stream. */
export interface Stored<Content extends Envelope = Envelope> {
  /** Its stream sequence: the order of all messages of the stream. */
  sequence: number
  envelope: Content
}

export function encodeEnvelope(content: Envelope): string {
  return JSON.stringify(content)
}

/** Throws a `FleetError`: `newer-format`, or `unreadable`. */
export function parseEnvelope(header: string): Envelope {
  const json = readJson(header)
  const parsed = envelope.safeParse(json)
  if (parsed.success) return parsed.data
  const version = z.object({v: z.number()}).safeParse(json)
  if (version.success && version.data.v > 1) {
    const message = `A newer version of Holdfast wrote to this session (format ${version.data.v}, expected 1): update this machine`
    throw new FleetError('newer-format', message)
  }
  throw new FleetError(
    'unreadable',
    `A message of the session has no header of Holdfast: ${z.prettifyError(parsed.error)}`,
  )
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The seq up to which the cluster has all events after this message, if it has all before it. */
export function completeThrough({piece, first, last}: LogPart): number {
  return piece !== undefined && piece[0] < piece[1] ? first - 1 : last
}
