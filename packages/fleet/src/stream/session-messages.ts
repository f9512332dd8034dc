import {JetStreamApiCodes, JetStreamApiError, type SeqMsgRequest, type StoredMsg} from '@nats-io/jetstream'
import {headers, type MsgHdrs} from '@nats-io/transport-node'

import {FleetError} from '../fleet-error.ts'
import {
  encodeEnvelope,
  envelopeHeader,
  parseEnvelope,
  type ClaimEnvelope,
  type Envelope,
  type LogEnvelope,
  type Stored,
} from './envelope.ts'
import type {Fleet} from './fleet.ts'
import {natsOf} from './nats-of.ts'
import {requireConnection} from './require-connection.ts'
import type {SessionSubjects} from './subjects.ts'
import {toFleetError} from './to-fleet-error.ts'

/**
 * Publishes a message if `after` is the stream sequence of the last message of the subject, 0 for none. Returns its stream
 * sequence, or `refused`. Throws a `FleetError`; after `unreachable`, the message may be stored, now or later.
 *
 * The servers check `after` before they replicate the message, and not again when they store it (server 2.9, and later ones when
 * the leader changes): of two messages in flight at once, both may be stored. So a message counts by its place in the
 * stream, and this check only keeps most of those out that would not count.
 */
export async function publishMessage(
  fleet: Fleet,
  {subject, envelope, body, after}: {subject: string; envelope: Envelope; body?: Uint8Array; after: number},
): Promise<number | 'refused'> {
  requireConnection(fleet)
  const header = headers()
  header.set(envelopeHeader, encodeEnvelope(envelope))
  try {
    const {seq} = await natsOf(fleet).jetstream.publish(subject, body, {
      headers: header,
      expect: {lastSubjectSequence: after},
    })
    return seq
  } catch (error) {
    if (error instanceof JetStreamApiError && wrongLastSequence.includes(error.code)) return 'refused'
    throw toFleetError(error)
  }
}

const wrongLastSequence: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]

/** The last message with events of a session. */
export function lastLog(fleet: Fleet, {stream, log}: SessionSubjects): Promise<Stored<LogEnvelope> | undefined> {
  return getMessage(fleet, stream, 'log', {last_by_subj: log})
}

/** The first message with events of a session whose stream sequence is at least `from`. */
export function nextLog(
  fleet: Fleet,
  {stream, log}: SessionSubjects,
  from: number,
): Promise<Stored<LogEnvelope> | undefined> {
  const query = {seq: from, next_by_subj: log}
  return getMessage(fleet, stream, 'log', query)
}

/** The last claim of a session. */
export function lastClaim(fleet: Fleet, {stream, claims}: SessionSubjects): Promise<Stored<ClaimEnvelope> | undefined> {
  return getMessage(fleet, stream, 'claim', {last_by_subj: claims})
}

/** The mark of a deleted session. */
export function deletedMark(
  fleet: Fleet,
  {stream, deleted}: SessionSubjects,
): Promise<Stored<ClaimEnvelope> | undefined> {
  return getMessage(fleet, stream, 'claim', {last_by_subj: deleted})
}

/** The claim that has won an epoch: the first one of its subject. */
export async function winningClaim(
  fleet: Fleet,
  {stream, claim}: SessionSubjects,
  epoch: number,
): Promise<Stored<ClaimEnvelope> | undefined> {
  const subject = claim(epoch)
  // Mostly there is none. The server knows the last message of a subject, but searches the whole stream for the first.
  const last = await getMessage(fleet, stream, 'claim', {last_by_subj: subject})
  if (last === undefined) return undefined
  const query = {seq: 1, next_by_subj: subject}
  return getMessage(fleet, stream, 'claim', query)
}

async function getMessage<Kind extends Envelope['kind']>(
  fleet: Fleet,
  stream: string,
  kind: Kind,
  query: SeqMsgRequest | {last_by_subj: string},
): Promise<Stored<Extract<Envelope, {kind: Kind}>> | undefined> {
  requireConnection(fleet)
  let found: StoredMsg | null
  try {
    found = await natsOf(fleet).manager.streams.getMessage(stream, query)
  } catch (error) {
    throw toFleetError(error)
  }
  if (found === null) return undefined
  const envelope = readEnvelope(found.header)
  if (envelope.kind !== kind) {
    throw new FleetError('unreadable', `Expected a message of kind ${kind} in ${found.subject}, got ${envelope.kind}`)
  }
  return {sequence: found.seq, envelope: envelope as Extract<Envelope, {kind: Kind}>}
}

/** Throws a `FleetError` for a header that Holdfast did not write. */
export function readEnvelope(header: MsgHdrs | undefined): Envelope {
  return parseEnvelope(header?.get(envelopeHeader) ?? '')
}
