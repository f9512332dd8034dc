import type {EventLogError} from '../event-log.ts'

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const byResultCode: Readonly<Record<number, EventLogError['code']>> = {
  5: 'io', // SQLITE_BUSY
  10: 'io', // SQLITE_IOERR
  11: 'damaged', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'io', // SQLITE_CANTOPEN
  26: 'damaged', // SQLITE_NOTADB
}

/** SQLITE_IOERR_SHORT_READ: the file ends within a page. */
const shortRead = 522

const byErrno: Readonly<Record<string, EventLogError['code']>> = {ENOENT: 'not-found', ENOSPC: 'full', EDQUOT: 'full'}

/** What a fault of storage means. */
export function storageErrorCode(error: unknown): EventLogError['code'] {
  const {errcode, code} = (error ?? {}) as {errcode?: unknown; code?: unknown}
  // A payload that cannot be parsed is not as it was written.
  if (errcode === shortRead || error instanceof SyntaxError) return 'damaged'
  // The low byte is the primary code, whatever the extended one says.
  if (typeof errcode === 'number') return byResultCode[errcode & 0xff] ?? 'failed'
  return (typeof code === 'string' && byErrno[code]) || 'failed'
}
