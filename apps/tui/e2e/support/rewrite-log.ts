import {DatabaseSync} from 'node:sqlite'
import {crc32} from 'node:zlib'

/** Executes SQL on the file of a log as if its writer had written the result: then it sets the checksums of log format 5. */
export function rewriteLog(file: string, statements: string): void {
  // A host that was just closed takes a moment to exit.
  const database = new DatabaseSync(file, {timeout: 5000})
  database.function('crc', {varargs: true}, (...parts) => crc32(parts.map(String).join(' ')))
  database.exec(`
    ${statements};
    UPDATE events SET checksum = crc(seq, at, type, payload);
    UPDATE session SET checksum = crc(state_seq, state);
    UPDATE writer SET schema_checksum = (
      SELECT crc(user_version, group_concat(type || name || tbl_name || coalesce(sql, ''), ';' ORDER BY name))
      FROM sqlite_schema, pragma_user_version)`)
  database.close()
}
