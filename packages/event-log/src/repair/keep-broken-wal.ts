import {constants, copyFileSync, existsSync, readFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {freeName} from './repair-log.ts'

/**
 * Sets a copy of a log's WAL aside if it is broken before its end: SQLite takes what is before the first broken frame, and
 * throws the rest away without a word. Gives where the copy is. Whoever calls it holds the session's lease.
 */
export function keepBrokenWal(file: string): string | undefined {
  if (!existsSync(`${file}-wal`)) return undefined
  const database = new DatabaseSync(file)
  try {
    // As long as this is open, the WAL stays as it is.
    const {log} = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as {log: number}
    if (!hasCommitAfter(readFileSync(`${file}-wal`), log)) return undefined
    const copy = `${freeName(file)}-wal`
    copyFileSync(`${file}-wal`, copy, constants.COPYFILE_EXCL)
    return copy
  } catch {
    // The log itself is damaged: it is repaired, and its WAL set aside with it.
    return undefined
  } finally {
    database.close()
  }
}

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const [headerSize, frameHeaderSize] = [32, 24]

/**
 * Whether a transaction of the same life of the WAL was ended after so many good frames. Frames without an end are of one
 * that was never committed; those with other salts are of a life before.
 */
function hasCommitAfter(wal: Buffer, goodFrames: number): boolean {
  if (wal.length <= headerSize) return false
  const frameSize = frameHeaderSize + wal.readUInt32BE(8)
  const salts = wal.subarray(16, 24)
  for (let at = headerSize + goodFrames * frameSize; at + frameSize <= wal.length; at += frameSize) {
    const isOfThisLife = wal.subarray(at + 8, at + 16).equals(salts)
    if (isOfThisLife && wal.readUInt32BE(at + 4) > 0) return true
  }
  return false
}
