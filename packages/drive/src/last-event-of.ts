import {readEvent, type Client} from '@holdfast/client'
import type {SessionEvent} from '@holdfast/protocol'

/** The last event of one of these types in the log of a session; `undefined` if there is none. */
export async function lastEventOf<T extends SessionEvent['type']>(
  client: Pick<Client, 'request'>,
  sessionId: string,
  types: readonly T[],
): Promise<Extract<SessionEvent, {type: T}> | undefined> {
  const {events} = await client.request('session.events', {
    session_id: sessionId,
    types: [...types],
    before_seq: Number.MAX_SAFE_INTEGER,
    limit: 1,
  })
  const event = readEvent(events[0], () => undefined)
  // A gateway of an older version sends events of all types.
  return event !== undefined && types.includes(event.type as T)
    ? (event as Extract<SessionEvent, {type: T}>)
    : undefined
}
