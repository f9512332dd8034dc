import {rmSync, watch} from 'node:fs'
import {basename, dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {setTimeout as delay} from 'node:timers/promises'

import {type Lease, LeaseHeldError, logFormat, sessionPaths, takeLease} from '@holdfast/event-log'

import {findProcesses, isStopped, type Process} from '../../apps/tui/e2e/support/processes.ts'
import {until} from '../../apps/tui/e2e/support/until.ts'
import type {OlderLog} from './known.ts'
import {send, type Scene} from './scene.ts'

/** Where a log of a format is kept when it is migrated. */
export function copyOf(file: string, format: number): string {
  return `${file}.format-${format}`
}

/**
 * Makes the session's log one of an older format while no host lives; lets the next host migrate it, and stops that one
 * `delayMs` after it has begun to. `isMigrating`: it was not done. It stays stopped where it was found until it is hurt.
 */
export async function stopInMigration(
  scene: Scene,
  format: OlderLog['format'],
  delayMs: number,
): Promise<{victim: Process; isMigrating: boolean}> {
  const {log, lease} = sessionPaths(scene.home, scene.known.sessionId ?? '')
  const held = await until(() => seize(scene, lease), {what: 'the lease of a killed host', timeoutMs: 20_000})
  let begun
  try {
    makeOlder(scene, log, format)
    begun = untilMade(copyOf(log, format))
  } finally {
    held.release()
  }
  // Looked for before it begins: it is done in milliseconds.
  let victim = findHost(scene)
  const looking = setInterval(() => (victim = findHost(scene)), 20)
  try {
    await begun
  } finally {
    clearInterval(looking)
  }
  await delay(delayMs)
  if (victim !== undefined) send(victim, 'SIGSTOP')
  return {
    victim: await until(() => stopHost(scene), {what: 'the host to be stopped'}),
    isMigrating: formatOf(log) !== logFormat,
  }
}

/** The host once it is stopped. The one that was seen before may have met the lease of another, and ended. */
function stopHost(scene: Scene): Process | undefined {
  const host = findHost(scene)
  if (host === undefined || isStopped(host)) return host
  send(host, 'SIGSTOP')
  return undefined
}

/** The lease of a session of which no host lives any more; `undefined` where one still has to go. */
function seize(scene: Scene, file: string): Lease | undefined {
  const host = findHost(scene)
  if (host !== undefined) send(host, 'SIGKILL')
  try {
    return takeLease(file, {waitMs: 0})
  } catch (error) {
    if (error instanceof LeaseHeldError) return undefined
    throw error
  }
}

function makeOlder(scene: Scene, log: string, format: OlderLog['format']): void {
  rmSync(copyOf(log, format), {force: true})
  const database = new DatabaseSync(log, {timeout: 2000})
  try {
    // Outside of this, no log grows older: a gateway that looked at the format a moment before takes this for a state of today,
    // and is not to take the session for closed.
    database.exec(`
      BEGIN;
      DROP TABLE writer;
      UPDATE session SET state = '{"of": "an older version", "closed": null}';
      PRAGMA user_version = ${format};
      COMMIT`)
    const {length} = database.prepare('SELECT count(*) AS length FROM events').get() as {length: number}
    // Its copy is the one of the last migration.
    const before = scene.olderLogs.findIndex((older) => older.format === format)
    if (before !== -1) scene.olderLogs.splice(before, 1)
    scene.olderLogs.push({format, length})
  } finally {
    database.close()
  }
}

/** Resolves the moment a copy is begun. */
async function untilMade(copy: string): Promise<void> {
  const looking = new AbortController()
  const {promise, resolve, reject} = Promise.withResolvers<void>()
  watch(dirname(copy), {signal: looking.signal}, (_, name) => {
    if (name?.startsWith(basename(copy))) resolve()
  })
  const timer = setTimeout(() => reject(new Error('Expected a migration to begin within 30 s, it did not')), 30_000)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    looking.abort()
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

function findHost(scene: Scene): Process | undefined {
  return findProcesses(scene.home).find(({role}) => role === 'host')
}
