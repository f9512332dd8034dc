import {mkdirSync, rmSync, statSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {
  deleteLog,
  hasLog,
  homePaths,
  isLeaseHeldError,
  listLogs,
  sessionPaths,
  takeLease,
  type Lease,
} from '@holdfast/event-log'

import {isFleetError} from '@holdfast/fleet'
import type {SessionSummary} from '@holdfast/protocol'

import {createSessionLogs, type SessionLogs} from '../stored-sessions/session-logs.ts'
import {summarizeStored} from '../stored-sessions/summarize-stored.ts'
import type {Cluster} from './cluster.ts'

/** Copies of logs of sessions whose machine does not answer. They can be thrown away at any time. */
export interface LogCopies {
  /** Brings the copy of a log up to date. Rejects with a `FleetError`, an `EventLogError`, or the reason of `signal`. */
  bring(sessionId: string, signal: AbortSignal): Promise<SessionLogs>
  /** What the copy of a log says, if there is one. */
  summarize(sessionId: string): SessionSummary | undefined
  remove(sessionId: string): void
}

export interface LogCopiesOptions {
  /** It has the folders of a home. */
  folder: string
  cluster: Pick<Cluster, 'copyLog'>
  maxCopies?: number
  maxBytes?: number
}

const defaultMaxCopies = 64
const defaultMaxBytes = 1024 * 1024 * 1024

/** Another process may be copying the same log: the pause between attempts, ms. */
const pauseMs = 50

export function createLogCopies({
  folder,
  cluster,
  maxCopies = defaultMaxCopies,
  maxBytes = defaultMaxBytes,
}: LogCopiesOptions): LogCopies {
  const logs = createSessionLogs(folder)
  /** Copies that are being made, so that each is made once. */
  const copying = new Map<string, Promise<void>>()

  const copy = async (sessionId: string, signal: AbortSignal) => {
    const {log, lease} = sessionPaths(folder, sessionId)
    for (const path of [homePaths(folder).sessions, homePaths(folder).run])
      mkdirSync(path, {recursive: true, mode: 0o700})
    const held = await waitForLease(lease, signal)
    try {
      try {
        await cluster.copyLog(sessionId, {file: log, signal})
      } catch (error) {
        // It is one of another fleet, or from before a deletion.
        if (!isFleetError(error) || error.code !== 'diverged') throw error
        deleteLog(log)
        await cluster.copyLog(sessionId, {file: log, signal})
      }
    } finally {
      held.release()
    }
    makeRoom(sessionId)
  }

  /** Deletes the copies that changed longest ago. */
  const makeRoom = (keptId: string) => {
    let copies = 1
    let bytes = sizeOf(keptId)
    for (const {id} of listLogs(homePaths(folder).sessions)) {
      if (id === keptId) continue
      copies++
      bytes += sizeOf(id)
      if ((copies > maxCopies || bytes > maxBytes) && !copying.has(id)) remove(id)
    }
  }

  const sizeOf = (sessionId: string) =>
    statSync(sessionPaths(folder, sessionId).log, {throwIfNoEntry: false})?.size ?? 0

  const remove = (sessionId: string) => {
    const {log, lease} = sessionPaths(folder, sessionId)
    if (hasLog(log)) deleteLog(log)
    rmSync(lease, {force: true})
  }

  return {
    async bring(sessionId, signal) {
      // One that ends with another client is made again.
      while (copying.has(sessionId)) await copying.get(sessionId)!.catch(() => undefined)
      signal.throwIfAborted()
      const copied = copy(sessionId, signal).finally(() => copying.delete(sessionId))
      copying.set(sessionId, copied)
      await copied
      return logs
    },
    summarize: (sessionId) => summarizeStored(folder, sessionId, logs),
    remove,
  }
}

async function waitForLease(file: string, signal: AbortSignal): Promise<Lease> {
  for (;;) {
    try {
      return takeLease(file, {waitMs: 0})
    } catch (error) {
      if (!isLeaseHeldError(error)) throw error
      await delay(pauseMs, undefined, {signal})
    }
  }
}
