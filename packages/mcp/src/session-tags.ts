import {readEvent, type Client} from '@holdfast/client'

/** Reads the tags of a session from its log; `undefined` if it has none. */
export type TagReader = (sessionId: string) => Promise<readonly string[] | undefined>

/** Sessions whose tags are remembered. Of more, the one that was read first is forgotten. */
const maxSessions = 1000

/**
 * Creates a reader that looks at the events of a session only once: each call of a tool needs its tags, and a log may have a million
 * events. Tags that a user changes count from the next call on.
 */
export function createTagReader(client: Pick<Client, 'request'>): TagReader {
  /** The tags after the events up to this seq. */
  const known = new Map<string, {tags: readonly string[] | undefined; seq: number}>()

  return async function read(sessionId) {
    const before = known.get(sessionId)
    const part = before === undefined ? {before_seq: Number.MAX_SAFE_INTEGER, limit: 1} : {after_seq: before.seq}
    const request = {session_id: sessionId, types: ['session.info'], ...part}
    const {events, latest_seq} = await client.request('session.events', request)
    // It was deleted, and created again.
    if (before !== undefined && latest_seq < before.seq) {
      known.delete(sessionId)
      return await read(sessionId)
    }
    // A gateway of an older version sends events of all types.
    const info = events
      .map((wire) => readEvent(wire, () => undefined))
      .findLast((event) => event?.type === 'session.info')
    const tags = info === undefined ? before?.tags : info.payload.tags
    const lastSeq = events.at(-1)?.seq
    const mayHaveMore = before !== undefined && lastSeq !== undefined && lastSeq > before.seq
    known.set(sessionId, {tags, seq: mayHaveMore ? lastSeq : latest_seq})
    if (mayHaveMore) return await read(sessionId)
    const [first] = known.keys()
    if (known.size > maxSessions && first !== undefined) known.delete(first)
    return tags
  }
}
