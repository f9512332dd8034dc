import type {DatabaseSync} from 'node:sqlite'

/** How many of the newest events that belong into the index to look up in it. */
const maxEvents = 500

/** Among how many of the newest events to look for them: a prompt may have printed for days since. 200,000 take 40 ms of the start of a host. */
const maxScanned = 200_000

/**
 * Throws a `SyntaxError` if the index lacks one of the newest events. A client that did not get the answer to a prompt sends
 * that prompt again when it finds the next host; this host runs it twice if it does not find the first.
 */
export function verifyIndex(database: DatabaseSync, latestSeq: number): void {
  const missing = database
    .prepare(
      `SELECT seq FROM (
         SELECT seq, prompt_id FROM events NOT INDEXED
         WHERE seq > ? AND prompt_id IS NOT NULL AND type <> 'message.delta' ORDER BY seq DESC LIMIT ${maxEvents}
       ) AS newest WHERE NOT EXISTS (
         SELECT 1 FROM events AS found INDEXED BY prompt_events
         WHERE found.prompt_id = newest.prompt_id AND found.seq = newest.seq AND found.type <> 'message.delta')`,
    )
    .get(latestSeq - maxScanned)
  if (missing !== undefined) throw new SyntaxError(`the index lacks event ${String(missing['seq'])}`)
}
