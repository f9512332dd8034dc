import {existsSync, mkdirSync, readdirSync, renameSync} from 'node:fs'

import {openSqliteLog, type EventLog} from '@holdfast/event-log'
import {sessionIdPattern} from '@holdfast/protocol'

/** The log of a session that another machine has taken over, with events that are in no other log. */
export interface UnshippedLog {
  sessionId: string
  /** The epoch of the claim by which the session was taken over. */
  epoch: number
  /** The events after this one are in no other log. */
  through: number
  file: string
}

const filePattern = /^([^.]+)\.(\d+)-after-(\d+)\.db$/

function folderOf(home: string): string {
  return `${home}/unshipped`
}

/** Lists the logs that were set aside on this machine. */
export function listUnshipped(home: string): UnshippedLog[] {
  const folder = folderOf(home)
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return names.flatMap((name) => {
    const [, sessionId = '', epoch, through] = filePattern.exec(name) ?? []
    if (!sessionIdPattern.test(sessionId)) return []
    return [{sessionId, epoch: Number(epoch), through: Number(through), file: `${folder}/${name}`}]
  })
}

/** Opens such a log for reading. Throws an `EventLogError`. */
export function openUnshipped({file, sessionId}: UnshippedLog): EventLog {
  return openSqliteLog({file, sessionId, readOnly: true})
}

/** Moves a log that no process writes there. */
export function setAside(home: string, log: string, {sessionId, epoch, through}: Omit<UnshippedLog, 'file'>): string {
  const folder = folderOf(home)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const file = `${folder}/${sessionId}.${epoch}-after-${through}.db`
  renameSync(log, file)
  // Who reads the log at this moment, such as a search, keeps its last events there.
  if (existsSync(`${log}-wal`)) renameSync(`${log}-wal`, `${file}-wal`)
  return file
}
