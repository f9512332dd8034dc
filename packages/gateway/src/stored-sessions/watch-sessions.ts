import {mkdirSync, watch, type FSWatcher} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {
  maxOpenSessions,
  parseResult,
  readEphemeralEvent,
  sessionIdPattern,
  type Result,
  type SessionSummary,
} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

import type {SessionLogs} from './session-logs.ts'
import {summarizeStored} from './summarize-stored.ts'
import type {SummaryEvent, SummarySender} from './summary-sender.ts'
import type {Hosts} from '../hosts/hosts.ts'

export interface SessionsWatchOptions {
  home: string
  hosts: Pick<Hosts, 'find'>
  logs: Pick<SessionLogs, 'read'>
  /** The sessions at this moment. */
  list: () => Promise<Result<'session.list'>>
  /** Tells the client that watches. */
  sender: SummarySender
}

/** Tells one client which sessions change. It polls nothing: hosts report changes, and the system reports new and lost files. */
export interface SessionsWatch {
  start(): Promise<Result<'session.list'>>
  stop(): void
}

/** How long a host may take to summarize its session, ms. */
const summaryTimeoutMs = 10_000

const notWatched = 'its session is not watched any more'

/** The files of `run/` that appear or disappear with a session or its host. */
const watchedFile = /^(.{10})\.(?:sock|lock)$/

export function watchSessions({home, hosts, logs, list, sender}: SessionsWatchOptions): SessionsWatch {
  /** The hosts that are followed, by session. `undefined`: being connected. */
  const followed = new Map<string, Connection | undefined>()
  /** Sessions whose files have changed while their host was looked for: it may have come since. */
  const changed = new Set<string>()
  let files: FSWatcher | undefined
  /** Counts starts: what an earlier one still finds out is dropped. */
  let run = 0

  const report = (event: SummaryEvent) => sender.report(event)

  /** Follows the hosts of a session, one after another, as long as there is one; then reports what its log says. */
  const follow = async (id: string): Promise<void> => {
    if (followed.has(id)) return void changed.add(id)
    if (followed.size >= maxOpenSessions) return
    const mine = run
    const isWatching = () => mine === run
    followed.set(id, undefined)
    try {
      for (;;) {
        changed.delete(id)
        const host = await hosts.find(id)
        if (host === undefined && changed.has(id) && isWatching()) continue
        if (host === undefined || !isWatching()) {
          void host?.close(notWatched)
          break
        }
        followed.set(id, host)
        await followHost(id, host, isWatching)
      }
      if (isWatching()) reportStored(id)
    } catch {
      // The host is of a version that does not fit, or has no room, or the log fails in an unknown way: the session stays in the list as it was.
    } finally {
      if (isWatching()) followed.delete(id)
    }
  }

  /** Reports the changes of a session until its host is gone. A host of an older version reports only its end. */
  const followHost = async (id: string, host: Connection, isWatching: () => boolean): Promise<void> => {
    const take = (summary: SessionSummary) => {
      if (isWatching()) report({type: 'session.changed', session_id: id, payload: summary})
    }
    let hasChanged = false
    host.subscribe('event', (params) => {
      const event = readEphemeralEvent(params)
      if (event?.type !== 'session.changed' || event.session_id !== id) return
      hasChanged = true
      take(event.payload)
    })
    const params = {session_id: id, watch: true}
    try {
      const answer = await host.request('session.summary', params, {timeoutMs: summaryTimeoutMs})
      const {summary} = parseResult('session.summary', answer)
      // A change that came in the same chunk as the answer is newer, and was taken before it.
      if (summary !== undefined && !hasChanged) take(summary)
    } catch {
      // It is gone, or does not know the method.
    }
    await host.closed
  }

  const reportStored = (id: string) => {
    const summary = summarizeStored(home, id, logs)
    if (summary === undefined) report({type: 'session.deleted', session_id: id})
    else report({type: 'session.changed', session_id: id, payload: summary})
  }

  return {
    async start() {
      this.stop()
      const mine = run
      const folder = homePaths(home).run
      mkdirSync(folder, {recursive: true, mode: 0o700})
      try {
        files = watch(folder, {persistent: false}, (_change, name) => {
          const id = watchedFile.exec(name ?? '')?.[1]
          if (id !== undefined && sessionIdPattern.test(id)) void follow(id)
        }).on('error', () => undefined)
      } catch {
        // As many watches as the system allows: new sessions come with the next list.
      }
      const page = await list()
      // Ended, or begun anew, meanwhile.
      if (mine !== run) return page
      for (const {id, state} of page.sessions) if (state === 'idle' || state === 'running') void follow(id)
      return page
    },
    stop() {
      run++
      files?.close()
      files = undefined
      const hostsOf = [...followed.values()]
      followed.clear()
      changed.clear()
      sender.clear()
      for (const host of hostsOf) void host?.close(notWatched)
    },
  }
}
