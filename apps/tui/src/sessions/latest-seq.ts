import type {Client} from '@holdfast/client'

/** The seq of the last event of a session. */
export async function latestSeq(client: Client, sessionId: string): Promise<number> {
  return (await client.request('session.events', {session_id: sessionId, limit: 1})).latest_seq
}
