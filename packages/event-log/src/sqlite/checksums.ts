import type {DatabaseSync} from 'node:sqlite'
import {crc32} from 'node:zlib'

/** The checksum of an event, as its row holds it. */
export function eventChecksum(seq: number, at: number, type: string, payload: string): number {
  return crc32(payload, crc32(`${seq} ${at} ${type} `))
}

/** The checksum of the state after event `stateSeq`; `state`: its JSON. */
export function stateChecksum(stateSeq: number, state: string | null): number {
  return crc32(state ?? '', crc32(`${stateSeq} `))
}

/** The checksum of what a writer counts. */
export function writerChecksum(lastSeq: number, stateSeq: number): number {
  return crc32(`${lastSeq} ${stateSeq}`)
}

/** The checksum of the format and of all tables and indexes. */
export function schemaChecksum(database: DatabaseSync): number {
  const {text} = database
    .prepare(
      `SELECT user_version || ' ' || group_concat(type || name || tbl_name || coalesce(sql, ''), ';' ORDER BY name) AS text
       FROM sqlite_schema, pragma_user_version`,
    )
    .get() as {text: string | null}
  return crc32(text ?? '')
}
