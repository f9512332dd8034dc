import type {EventLogError} from '../event-log.ts'

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const byResultCode: Readonly<Record<number, EventLogError['code']>> = {
  1: 'damaged', // SQLITE_ERROR: the tables are not those that the statements of this package expect
  5: 'io', // SQLITE_BUSY
  10: 'io', // SQLITE_IOERR
  11: 'damaged', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'io', // SQLITE_CANTOPEN
  18: 'damaged', // SQLITE_TOOBIG
  19: 'damaged', // SQLITE_CONSTRAINT: a seq is used already
  26: 'damaged', // SQLITE_NOTADB
}

/** SQLITE_IOERR_SHORT_READ: the file ends in the middle of a page. */
const shortRead = 522

const byErrno: Readonly<Record<string, EventLogError['code']>> = {
  ENOENT: 'not-found',
  ENOSPC: 'full',
  EDQUOT: 'full',
  // node:sqlite, for an integer that no number of this package can be.
  ERR_OUT_OF_RANGE: 'damaged',
}

/** Classifies an error of SQLite or the file system. */
export function storageErrorCode(error: unknown): EventLogError['code'] {
  const {errcode, code} = (error ?? {}) as {errcode?: unknown; code?: unknown}
  // JSON that does not parse is damaged: this package wrote it.
  if (errcode === shortRead || error instanceof SyntaxError) return 'damaged'
  // The low byte of an extended result code is the primary code.
  if (typeof errcode === 'number') return byResultCode[errcode & 0xff] ?? 'failed'
  return (typeof code === 'string' && byErrno[code]) || 'failed'
}

/** SQLITE_READONLY */
export function isReadOnly(error: unknown): boolean {
  return (error as {errcode?: unknown} | null)?.errcode === 8
}
