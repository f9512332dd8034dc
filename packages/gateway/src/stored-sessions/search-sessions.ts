import {setImmediate as nextTurn} from 'node:timers/promises'

import {isEventLogError, homePaths, listSessions, type EventLog} from '@holdfast/event-log'
import {errorCodes, type Result} from '@holdfast/protocol'
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

/** Searches the logs of a home, last used first. It uses no index, so no result is stale. */
export async function searchSessions(options: SearchOptions): Promise<Result<'session.search'>> {
  const {home, signal} = options
  const sessions: Result<'session.search'>['sessions'] = []
  const unreadable: string[] = []
  for (const listed of listSessions(homePaths(home).sessions)) {
    const {id} = listed
    signal.throwIfAborted()
    await nextTurn()
    if ('error' in listed) {
      unreadable.push(id)
      continue
    }
    const {info, updated_at} = listed.state
    const hits: SearchHit[] = []
    try {
      for await (const found of searchLog(id, options)) hits.push(...found)
    } catch (error) {
      // It was deleted since the list was made.
      if (isRpcError(error) && error.code === errorCodes.sessionNotFound) continue
      if (!isEventLogError(error)) throw error
      unreadable.push(id)
    }
    const {limit} = options
    if (hits.length === 0) continue
    sessions.push({
      id,
      title: info.title,
      updated_at,
      hits: hits.slice(0, limit).map((hit) => ({...hit})),
      has_more: hits.length > limit,
    })
  }
  return {sessions, unreadable}
}

/** Yields hits until there are more than `limit`. */
async function* searchLog(sessionId: string, {logs, words, limit, signal}: SearchOptions): AsyncGenerator<SearchHit[]> {
  const search = createLineSearch(words)
  let afterSeq = 0
  for (let count = 0; count <= limit;) {
    const {events, hits} = logs.read(sessionId, (log) => searchPage(log, afterSeq))
    const last = events.at(-1)
    if (last === undefined) return yield search.flush()
    afterSeq = last.seq
    count += hits.length
    yield hits
    signal.throwIfAborted()
    await nextTurn()
  }

  function searchPage(log: EventLog, after: number) {
    const events = log.read({afterSeq: after, maxBytes: pageBytes})
    return {events, hits: events.flatMap(search.take)}
  }
}
