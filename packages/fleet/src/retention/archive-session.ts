import {randomUUID} from 'node:crypto'
import {createWriteStream} from 'node:fs'
import {mkdir, open, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'

import {currentClaim} from '../claim/current-claim.ts'
import {deleteUnlessClaimed} from '../claim/delete-session.ts'
import {readEnd} from '../claim/last-logs.ts'
import {readSession} from '../read/read-session.ts'
import type {Fleet} from '../stream/fleet.ts'
import {sessionSubjects} from '../stream/subjects.ts'

export interface ArchiveOptions {
  /** Where the archive is written: `ID.ndjson.gz`, an event on each line. It is created. */
  folder: string
  signal?: AbortSignal | undefined
}

const instancePrefix = 'archive '

/**
 * Writes the events of a closed session to a file on this machine, syncs it, and deletes the session in the cluster. Returns the path of
 * the file; `undefined` if the session is not closed, or does not stay so meanwhile: then no file is left, and nothing is deleted.
 *
 * Throws a `FleetError`, or the error of the file. After one, call it again.
 */
export async function archiveSession(
  fleet: Fleet,
  sessionId: string,
  {folder, signal}: ArchiveOptions,
): Promise<string | undefined> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const current = (await currentClaim(fleet, subjects))?.envelope
  if (current?.state !== 'closed') return undefined
  const {through} = await readEnd(fleet, subjects)
  const file = join(folder, `${sessionId}.ndjson.gz`)
  await mkdir(folder, {recursive: true, mode: 0o700})
  await writeArchive(file, linesOf(fleet, sessionId, {through, signal}))
  signal?.throwIfAborted()
  const next = await deleteUnlessClaimed(fleet, sessionId, {current, instance: `${instancePrefix}${randomUUID()}`})
  // Another process may have archived it to the same folder: its file stays.
  const isArchived = next.state === 'deleted' && next.instance.startsWith(instancePrefix)
  if (!isArchived) await rm(file, {force: true})
  return isArchived ? file : undefined
}

async function* linesOf(
  fleet: Fleet,
  sessionId: string,
  {through, signal}: {through: number; signal: AbortSignal | undefined},
): AsyncGenerator<string, void> {
  if (through === 0) return
  for await (const {event, json} of readSession(fleet, sessionId, {signal})) {
    yield `${json}\n`
    if (event.seq === through) return
  }
  signal?.throwIfAborted()
}

/** The file is whole, and on the disk, once it has its name. */
async function writeArchive(file: string, lines: AsyncIterable<string>): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.tmp`
  try {
    await pipeline(Readable.from(lines), createGzip(), createWriteStream(unfinished, {mode: 0o600, flush: true}))
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, {force: true})
    throw error
  }
  const folder = await open(join(file, '..'), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
