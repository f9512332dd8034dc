import {rmSync, watch} from 'node:fs'
import {basename, dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {setTimeout as delay} from 'node:timers/promises'

import {type Lease, isLeaseHeldError, logFormat, sessionPaths, takeLease} from '@holdfast/event-log'

import {findProcesses, isStopped, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {OlderLog, TestSession} from '../session/test-session.ts'
import {sendSignal} from '../session/victims.ts'

/**
 * Turns the session's log into one of an older format while no host lives, lets the next host migrate it, and stops that
 * host `delayMs` after it began. `isMigrating`: it had not finished. It stays stopped.
 */
export async function stopInMigration(
  session: TestSession,
  format: OlderLog['format'],
  delayMs: number,
): Promise<{victim: Process; isMigrating: boolean}> {
  const {log, lease} = sessionPaths(session.home, session.observations.sessionId ?? '')
  const held = await until(() => killHostAndTakeLease(session, lease), {
    what: 'the lease of a killed host',
    timeoutMs: 20_000,
  })
  let begun
  try {
    begun = untilCreated(makeOlder(session, log, format).copy)
  } finally {
    held.release()
  }
  // The host is looked for in advance: a migration takes milliseconds.
  let victim = findHost(session)
  const looking = setInterval(() => (victim = findHost(session)), 20)
  try {
    await begun
  } finally {
    clearInterval(looking)
  }
  await delay(delayMs)
  if (victim !== undefined) sendSignal(victim, 'SIGSTOP')
  return {
    victim: await until(() => stopHost(session), {what: 'a stopped host'}),
    isMigrating: formatOf(log) !== logFormat,
  }
}

/** The host, once it is stopped. The host that was found before may have exited because another one held the lease. */
function stopHost(session: TestSession): Process | undefined {
  const host = findHost(session)
  if (host === undefined || isStopped(host)) return host
  sendSignal(host, 'SIGSTOP')
  return undefined
}

function killHostAndTakeLease(session: TestSession, file: string): Lease | undefined {
  const host = findHost(session)
  if (host !== undefined) sendSignal(host, 'SIGKILL')
  try {
    return takeLease(file, {waitMs: 0})
  } catch (error) {
    if (isLeaseHeldError(error)) return undefined
    throw error
  }
}

function makeOlder(session: TestSession, log: string, format: OlderLog['format']): OlderLog {
  const copy = `${log}.format-${format}`
  rmSync(copy, {force: true})
  const database = new DatabaseSync(log, {timeout: 2000})
  try {
    // Outside of the harness no log becomes older. A gateway that read the format just before takes this state for one of
    // the current format; `closed: null` keeps it from taking the session for closed.
    database.exec(`
      BEGIN;
      DROP TABLE writer;
      ALTER TABLE events DROP COLUMN checksum;
      ALTER TABLE session DROP COLUMN checksum;
      ALTER TABLE session DROP COLUMN state_seq;
      UPDATE session SET state = '{"of": "an older version", "closed": null}';
      PRAGMA user_version = ${format};
      COMMIT`)
    const {length} = database.prepare('SELECT count(*) AS length FROM events').get() as {length: number}
    // The next migration from this format replaces the copy of the last one.
    const last = session.olderLogs.findIndex((older) => older.format === format)
    if (last !== -1) session.olderLogs.splice(last, 1)
    const older = {format, length, copy}
    session.olderLogs.push(older)
    return older
  } finally {
    database.close()
  }
}

async function untilCreated(file: string): Promise<void> {
  const watching = new AbortController()
  const {promise, resolve, reject} = Promise.withResolvers<void>()
  watch(dirname(file), {signal: watching.signal}, (_, name) => {
    if (name?.startsWith(basename(file))) resolve()
  })
  const timer = setTimeout(() => reject(new Error('Expected a migration to begin within 30 s, it did not')), 30_000)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    watching.abort()
  }
}

function formatOf(log: string): number {
  const database = new DatabaseSync(log, {readOnly: true, timeout: 2000})
  try {
    return (database.prepare('PRAGMA user_version').get() as {user_version: number}).user_version
  } finally {
    database.close()
  }
}

function findHost(session: TestSession): Process | undefined {
  return findProcesses(session.home).find(({role}) => role === 'host')
}
