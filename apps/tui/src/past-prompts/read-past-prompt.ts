import {readEvent, type Client} from '@holdfast/client'
import type {SessionEvent} from '@holdfast/protocol'

import type {PastPrompt} from './find-past-prompt.ts'

/** The events between two others. */
export interface Span {
  afterSeq: number
  beforeSeq: number
}

/** Where the events of a prompt are that say what it printed, or what the agent did. */
export function spanOf({startSeq, endSeq}: PastPrompt): Span {
  return {afterSeq: startSeq, beforeSeq: endSeq}
}

/** Events per page: keys are handled between two pages. */
const pageEvents = 50

/** Reads a part of the log page by page, oldest first. Throws if `signal` aborts. */
export async function* readSpan(
  client: Pick<Client, 'request'>,
  sessionId: string,
  {afterSeq, beforeSeq}: Span,
  signal?: AbortSignal,
): AsyncGenerator<readonly SessionEvent[]> {
  for (let seq = afterSeq; seq + 1 < beforeSeq;) {
    signal?.throwIfAborted()
    const range = {after_seq: seq, before_seq: beforeSeq}
    const page = await client.request('session.events', {session_id: sessionId, ...range, limit: pageEvents})
    const last = page.events.at(-1)?.seq ?? 0
    // A gateway that repeats a page would be read for ever.
    if (last <= seq) return
    seq = last
    yield decode(page.events)
  }
}

/** Reads the last page of a part of the log. */
export async function readSpanEnd(
  client: Pick<Client, 'request'>,
  sessionId: string,
  {afterSeq, beforeSeq}: Span,
): Promise<readonly SessionEvent[]> {
  const page = await client.request('session.events', {session_id: sessionId, before_seq: beforeSeq, limit: pageEvents})
  return decode(page.events.filter(({seq}) => seq > afterSeq))
}

/** Events that cannot be read, or are of a newer type, are left out. */
function decode(wires: readonly unknown[]): SessionEvent[] {
  return wires.flatMap((wire) => {
    const event = readEvent(wire, () => undefined)
    return event !== undefined && 'seq' in event && event.type !== 'unknown' ? [event] : []
  })
}
