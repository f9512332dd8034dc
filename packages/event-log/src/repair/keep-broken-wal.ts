import {constants, copyFileSync, existsSync, readFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {freeName} from './repair-log.ts'

/**
 * Copies a log's WAL if it is broken before its end: SQLite uses the frames before the first broken one and discards the
 * rest without an error. Returns the path of the copy. The caller holds the session's lease.
 */
export function keepBrokenWal(file: string): string | undefined {
  if (!existsSync(`${file}-wal`)) return undefined
  const database = new DatabaseSync(file)
  try {
    // The WAL stays as it is until the database is closed.
    const {log} = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as {log: number}
    if (!hasCommitAfter(readFileSync(`${file}-wal`), log)) return undefined
    const copy = `${freeName(file)}-wal`
    copyFileSync(`${file}-wal`, copy, constants.COPYFILE_EXCL)
    return copy
  } catch {
    // The log itself is damaged: its repair keeps the WAL, too.
    return undefined
  } finally {
    database.close()
  }
}

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const [headerSize, frameHeaderSize] = [32, 24]

/**
 * Whether a transaction ends after the first `goodFrames` frames. Frames without such an end belong to a transaction that
 * was not committed; frames with other salts are left from before the WAL was last reset.
 */
function hasCommitAfter(wal: Buffer, goodFrames: number): boolean {
  if (wal.length <= headerSize) return false
  const frameSize = frameHeaderSize + wal.readUInt32BE(8)
  const salts = wal.subarray(16, 24)
  for (let at = headerSize + goodFrames * frameSize; at + frameSize <= wal.length; at += frameSize) {
    const isCurrent = wal.subarray(at + 8, at + 16).equals(salts)
    const endsTransaction = wal.readUInt32BE(at + 4) > 0
    if (isCurrent && endsTransaction) return true
  }
  return false
}
