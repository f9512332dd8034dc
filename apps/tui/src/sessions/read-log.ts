import {readEvent, type Client, type OpenOptions} from '@holdfast/client'

import {complain} from '../process/complain.ts'
import {UserError} from '../process/user-error.ts'
import type {Sink} from '../process/output-stream.ts'

export interface ReadOptions {
  /** Events after this seq. */
  afterSeq: number
  /** Each event once, in the order of its seq. `wire`: as it came. */
  onEvent: NonNullable<OpenOptions['onEvent']>
  /** Where they are printed: no more are read than its reader takes. */
  stdout: Pick<Sink, 'isFull' | 'flushed'>
  /** Ends the reading. @default never */
  signal?: AbortSignal | undefined
}

/** Reads a session's log to its present end: no host need live for it. `lastSeq`: of the last event that was read. */
export async function readLog(
  client: Client,
  sessionId: string,
  {afterSeq, onEvent, stdout, signal}: ReadOptions,
): Promise<{lastSeq: number; isClosed: boolean}> {
  let lastSeq = afterSeq
  let isClosed = false
  while (signal?.aborted !== true) {
    const {events} = await client.request('session.events', {session_id: sessionId, after_seq: lastSeq})
    if (events.length === 0) break
    for (const wire of events) {
      const event = readEvent(wire, complain)
      if (event === undefined || !('seq' in event)) throw new UserError(`the log of ${sessionId} cannot be read on`)
      lastSeq = event.seq
      isClosed = event.type === 'session.closed'
      onEvent(event, wire)
    }
    await stdout.flushed()
  }
  return {lastSeq, isClosed}
}
