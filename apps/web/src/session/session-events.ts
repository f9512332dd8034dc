import {readEvent, type Client, type LoggedEvent} from '@holdfast/client'
import type {Params} from '@holdfast/protocol'

/** Reads a page of the log of a session. Rejects where that is not possible. */
export async function readEvents(
  client: Pick<Client, 'request'>,
  params: Params<'session.events'>,
): Promise<{events: LoggedEvent[]; latestSeq: number}> {
  const {events, latest_seq} = await client.request('session.events', params)
  const read = events.flatMap((wire): LoggedEvent[] => {
    const event = readEvent(wire, () => undefined)
    return event !== undefined && 'seq' in event ? [event] : []
  })
  return {events: read, latestSeq: latest_seq}
}
