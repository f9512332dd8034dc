import {readEvent, type Client} from '@holdfast/client'
import type {SessionEvent} from '@holdfast/protocol'

import {lastEventOf} from './last-event-of.ts'

export type Outcome = Extract<SessionEvent, {type: 'message.complete'}>

/** How many ends to look through: what was queued behind a program may have ended already. */
const maxEnds = 50

/** How a program ended, by the id of its prompt; without one, how the last one did. `undefined` if the log does not have it. */
export async function readOutcome(
  client: Pick<Client, 'request'>,
  sessionId: string,
  promptId: string | undefined,
): Promise<Outcome | undefined> {
  if (promptId === undefined) return await lastEventOf(client, sessionId, ['message.complete'])
  const {events} = await client.request('session.events', {
    session_id: sessionId,
    types: ['message.complete'],
    before_seq: Number.MAX_SAFE_INTEGER,
    limit: maxEnds,
  })
  return events
    .map((event) => readEvent(event, () => undefined))
    .find((event) => event?.type === 'message.complete' && event.payload.prompt_id === promptId) as Outcome | undefined
}
