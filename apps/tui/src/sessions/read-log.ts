import {readEvent, type Client} from '@holdfast/client'
import type {LoggedEvent} from '@holdfast/protocol'

import {printError} from '../process/print-error.ts'
import {UserError} from '../process/user-error.ts'
import type {OutputStream} from '../process/standard-output.ts'

export interface ReadOptions {
  /** Events after this seq. */
  afterSeq: number
  /** Only events before this seq. @default no limit */
  beforeSeq?: number | undefined
  /** With what programs drew on the alternate screen. @default false */
  frames?: boolean
  /** Called with each event once, in order. `wire`: the event as received. */
  onEvent: (event: LoggedEvent, wire: unknown) => void
  /** Where events are printed: reading waits for it. */
  stdout: Pick<OutputStream, 'isFull' | 'flushed'>
  /** Stops reading. @default never */
  signal?: AbortSignal | undefined
}

/** Reads a session's log to its current end; needs no host. `lastSeq`: the last event that was read. */
export async function readLog(
  client: Client,
  sessionId: string,
  {afterSeq, beforeSeq, frames = false, onEvent, stdout, signal}: ReadOptions,
): Promise<{lastSeq: number; isClosed: boolean}> {
  let lastSeq = afterSeq
  let isClosed = false
  while (signal?.aborted !== true) {
    const {events} = await client.request('session.events', {
      session_id: sessionId,
      after_seq: lastSeq,
      ...(beforeSeq === undefined ? {} : {before_seq: beforeSeq}),
      ...(frames && {frames}),
    })
    if (events.length === 0) break
    for (const wire of events) {
      const event = readEvent(wire, printError)
      if (event === undefined || !('seq' in event))
        throw new UserError(
          `the log of session ${sessionId} is damaged after event ${lastSeq}: open the session to repair it`,
        )
      // A gateway that repeats a page would be read for ever.
      if (event.seq <= lastSeq)
        throw new UserError(`expected an event of session ${sessionId} after event ${lastSeq}, got event ${event.seq}`)
      lastSeq = event.seq
      isClosed = event.type === 'session.closed'
      onEvent(event, wire)
    }
    await stdout.flushed()
  }
  return {lastSeq, isClosed}
}

/** The seq of a session's last event. */
export async function latestSeq(client: Client, sessionId: string): Promise<number> {
  return (await client.request('session.events', {session_id: sessionId, limit: 1})).latest_seq
}
