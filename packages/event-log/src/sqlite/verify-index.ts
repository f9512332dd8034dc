import type {DatabaseSync} from 'node:sqlite'

/** How many of the newest events to look up in the index. */
const maxEvents = 500

/**
 * Throws a `SyntaxError` if the index lacks one of the newest events. A client that did not get the answer to a prompt sends
 * that prompt again when it finds the next host; this host runs it twice if it does not find the first.
 */
export function verifyIndex(database: DatabaseSync, latestSeq: number): void {
  const missing = database
    .prepare(
      `SELECT seq FROM events NOT INDEXED WHERE seq > ? AND prompt_id IS NOT NULL AND type <> 'message.delta' AND NOT EXISTS (
         SELECT 1 FROM events AS found INDEXED BY prompt_events
         WHERE found.prompt_id = events.prompt_id AND found.seq = events.seq AND found.type <> 'message.delta')`,
    )
    .get(latestSeq - maxEvents)
  if (missing !== undefined) throw new SyntaxError(`the index lacks event ${String(missing['seq'])}`)
}
