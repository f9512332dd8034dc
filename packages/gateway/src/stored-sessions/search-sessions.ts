import {setImmediate as nextTurn} from 'node:timers/promises'

import {eachSession, homePaths, isEventLogError, type ShownLog} from '@holdfast/event-log'
import {errorCodes, listedTitle, maxPageBytes, type Result, type SessionState} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import {createLineSearch, type SearchHit} from './search-lines.ts'
import type {SessionLogs} from './session-logs.ts'

export interface SearchOptions {
  home: string
  logs: SessionLogs
  words: readonly string[]
  /** The most lines to return for each session. */
  limit: number
  /** Aborts when the client no longer waits for the result. */
  signal: AbortSignal
}

/** How much of a log to read at once, before other requests get their turn. */
const pageBytes = 4 * 1024 * 1024

/** How many sessions to list before other requests get their turn. */
const turnSessions = 100

/**
 * Searches the logs of a home, last used first, until the result is as large as a page. It uses no index, so no result is
 * stale.
 */
export async function searchSessions(options: SearchOptions): Promise<Result<'session.search'>> {
  const {home, logs, limit, signal} = options
  const {readable, unreadable} = await listByUse(home, signal)
  const sessions: Result<'session.search'>['sessions'] = []
  let bytes = 0
  for (const {id, title, updated_at} of readable) {
    signal.throwIfAborted()
    await nextTurn()
    let hits: SearchHit[] = []
    let shown: SessionState | undefined
    try {
      const found = await searchLog(id, options)
      hits = found.hits
      if (hits.length > 0) shown = logs.read(id, (log) => log.state())
      if (found.isPartial) unreadable.push(id)
    } catch (error) {
      // It was deleted since the list was made.
      if (isRpcError(error) && error.code === errorCodes.sessionNotFound) continue
      if (!isEventLogError(error)) throw error
      unreadable.push(id)
    }
    if (hits.length === 0) continue
    const found = {
      id,
      title: shown === undefined ? title : listedTitle(shown),
      updated_at,
      hits: hits.slice(0, limit).map((hit) => ({...hit})),
      has_more: hits.length > limit,
    }
    bytes += Buffer.byteLength(JSON.stringify(found))
    if (bytes > maxPageBytes && sessions.length > 0) return {sessions, unreadable, has_more: true}
    sessions.push(found)
  }
  return {sessions, unreadable}
}

/** Lists the sessions, last used first. Keeps little of each: their states may be large. */
async function listByUse(home: string, signal: AbortSignal) {
  const readable: {id: string; title: string; updated_at: number}[] = []
  const unreadable: string[] = []
  let count = 0
  for (const listed of eachSession(homePaths(home).sessions)) {
    const {id} = listed
    if ('error' in listed) unreadable.push(id)
    else readable.push({id, title: listedTitle(listed.state), updated_at: listed.state.updated_at})
    if (++count % turnSessions === 0) await nextTurn()
    signal.throwIfAborted()
  }
  readable.sort((first, second) => second.updated_at - first.updated_at)
  return {readable, unreadable}
}

/** Finds hits until there are more than `limit`. `isPartial`: some events of the log are lost. */
async function searchLog(
  sessionId: string,
  {logs, words, limit, signal}: SearchOptions,
): Promise<{hits: SearchHit[]; isPartial: boolean}> {
  const search = createLineSearch(words, limit + 1)
  const hits: SearchHit[] = []
  let isPartial = false
  let afterSeq = 0
  while (hits.length <= limit) {
    const last = logs.read(sessionId, (log) => searchPage(log, afterSeq))
    if (last === undefined) {
      hits.push(...search.flush())
      break
    }
    afterSeq = last
    signal.throwIfAborted()
    await nextTurn()
  }
  return {hits, isPartial}

  /** Returns the seq of the last event of the page. */
  function searchPage(log: ShownLog, after: number): number | undefined {
    const events = log.read({afterSeq: after, maxBytes: pageBytes})
    for (const event of events) {
      if (hits.length > limit) break
      isPartial ||= event.type === 'event.lost'
      hits.push(...search.take(event))
    }
    return events.at(-1)?.seq
  }
}
