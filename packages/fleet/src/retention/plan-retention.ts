import type {ListedSession} from '../machines/list-held-sessions.ts'

/** Which closed sessions stay in the cluster. */
export interface RetentionRules {
  /** How long a session stays after it was closed, ms. @default for ever */
  keepMs?: number | undefined
  /** The size of a stream from which the sessions go that were closed first, bytes. Below its limit: a full stream takes no deletion either. @default no limit */
  maxBytes?: number | undefined
}

/** The closed session that leaves the cluster next, of those of a stream with `bytes`; `undefined` if all of them stay. */
export function planRetention(
  sessions: readonly ListedSession[],
  {now, bytes}: {now: number; bytes: number},
  {keepMs = Infinity, maxBytes = Infinity}: RetentionRules,
): {session: ListedSession; why: 'age' | 'size'} | undefined {
  const closed = sessions.filter(({state}) => state === 'closed')
  // Ids decide between equal times, so that the order of the list never does.
  const [session] = closed.toSorted((a, b) => a.at - b.at || (a.sessionId < b.sessionId ? -1 : 1))
  if (session === undefined) return undefined
  if (now - session.at > keepMs) return {session, why: 'age'}
  return bytes > maxBytes ? {session, why: 'size'} : undefined
}
