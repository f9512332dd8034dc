import type {Client} from '@holdfast/client'

/** The seq of a session's last event. */
export async function latestSeq(client: Client, sessionId: string): Promise<number> {
  return (await client.request('session.events', {session_id: sessionId, limit: 1})).latest_seq
}
