import {setTimeout as delay} from 'node:timers/promises'

import type {EncodedEvent} from '@holdfast/event-log'
import {DeliverPolicy} from '@nats-io/jetstream'

import {FleetError} from '../fleet-error.ts'
import {retryDelayMs} from '../ship/plan-shipping.ts'
import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {readEnvelope} from '../stream/session-messages.ts'
import {sessionSubjects, type SessionSubjects} from '../stream/subjects.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import {assembleEvents, type Delivery, type ReaderState} from './assemble-events.ts'
import {findStart} from './find-start.ts'

export interface ReadOptions {
  /** Only events after this seq. @default 0 */
  afterSeq?: number
  /** Ends the reading. */
  signal?: AbortSignal | undefined
}

/** Messages in memory, of at most 256 KiB each; as many again may be on their way. */
const maxMessages = 16

/**
 * Reads the events of a session from the cluster: its history, then each new one, without a gap or a repetition. It waits while
 * the cluster is away, and goes on. It ends with its `signal`, or when its caller leaves the loop.
 *
 * Throws a `FleetError` when to wait is pointless: `missing` if the cluster has lost events, `deleted`, `forbidden`, `no-stream`,
 * `newer-format`, `unreadable`, `closed`.
 */
export async function* readSession(
  fleet: Fleet,
  sessionId: string,
  {afterSeq = 0, signal}: ReadOptions = {},
): AsyncGenerator<EncodedEvent, void> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  let state: ReaderState | undefined
  let failures = 0
  while (!signal?.aborted) {
    try {
      state ??= await findStart(fleet, subjects, afterSeq)
      for await (const delivery of openDeliveries(fleet, subjects, {from: state.sequence + 1, signal})) {
        const assembled = assembleEvents(state, delivery)
        if (assembled.kind === 'deleted') throw new FleetError('deleted', `Session ${sessionId} was deleted`)
        if (assembled.kind === 'gap') throw missingError(sessionId, assembled)
        failures = 0
        state = assembled.state
        yield* assembled.events
      }
    } catch (error) {
      const fault = toFleetError(error)
      if (fault.code !== 'unreachable' && fault.code !== 'failed') throw fault
      failures++
      await delay(retryDelayMs(failures, Math.random()), undefined, {signal}).catch(() => {})
    }
  }
}

async function* openDeliveries(
  fleet: Fleet,
  {stream, all}: SessionSubjects,
  {from, signal}: {from: number; signal: AbortSignal | undefined},
): AsyncGenerator<Delivery, void> {
  const consumer = await natsOf(fleet).jetstream.consumers.get(stream, {
    filter_subjects: all,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
  })
  // It makes its consumer anew where it stopped, 5 s after a server with it has died.
  const messages = await consumer.consume({max_messages: maxMessages, expires: 5000})
  const stop = () => messages.stop()
  signal?.addEventListener('abort', stop)
  try {
    for await (const message of messages) {
      yield {sequence: message.seq, envelope: readEnvelope(message.headers), body: message.data}
    }
    if (natsOf(fleet).connection.isClosed()) throw new FleetError('closed', 'The connection to the cluster is closed')
  } finally {
    signal?.removeEventListener('abort', stop)
    messages.stop()
    // Otherwise the server removes it after 5 minutes.
    void consumer.delete().catch(() => {})
  }
}

function missingError(sessionId: string, {expected, got}: {expected: number; got: number}): FleetError {
  return new FleetError('missing', `The cluster has lost events ${expected} to ${got - 1} of session ${sessionId}`)
}
