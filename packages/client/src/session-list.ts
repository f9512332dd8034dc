import type {EphemeralEvent, Result, SessionSummary} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import {callListener} from './call-listener.ts'

/** All sessions of a gateway, by their ids. A new map for each change. */
export type SessionMap = ReadonlyMap<string, SessionSummary>

export interface SessionListOptions {
  /** Sends the request over the current connection only. */
  watch: () => Promise<Result<'session.list'>>
  unwatch: () => Promise<unknown>
  /** For gateways of older versions, which tell no changes. */
  list: () => Promise<readonly SessionSummary[]>
  onError: (error: unknown) => void
}

/** The sessions of a gateway, kept up to date while somebody watches them. */
export interface SessionList {
  /** Calls the listener with all sessions, as soon as they are known and whenever one changes. Returns a function that ends this. */
  watch(listener: (sessions: SessionMap) => void): () => void
  /** There is a new connection. */
  connected(): void
  take(event: EphemeralEvent): void
}

/** The code of JSON-RPC for a method that the peer does not have. */
const methodNotFound = -32_601

export function createSessionList({watch, unwatch, list, onError}: SessionListOptions): SessionList {
  const listeners = new Set<(sessions: SessionMap) => void>()
  let sessions: SessionMap | undefined
  /** Events that arrive before the list: they are newer. */
  let early: EphemeralEvent[] | undefined
  /** Counts requests: only the answer to the last one counts. */
  let asked = 0

  const set = (next: SessionMap) => {
    sessions = next
    for (const listener of listeners) callListener(() => listener(next))
  }

  const read = async (): Promise<readonly SessionSummary[]> => {
    try {
      return (await watch()).sessions
    } catch (error) {
      if (isRpcError(error) && error.code === methodNotFound) return await list()
      throw error
    }
  }

  const ask = async () => {
    const mine = ++asked
    early = []
    try {
      const listed = await read()
      if (mine !== asked) return
      const events = early
      early = undefined
      set(events.reduce(applyEvent, new Map(listed.map((each) => [each.id, each]))))
    } catch (error) {
      if (mine !== asked) return
      early = undefined
      onError(error)
    }
  }

  return {
    watch(listener) {
      const isFirst = listeners.size === 0
      listeners.add(listener)
      if (isFirst) void ask()
      // Not before this returns: the caller may not be ready yet.
      else
        queueMicrotask(() => {
          if (sessions !== undefined && listeners.has(listener)) listener(sessions)
        })
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        asked++
        sessions = undefined
        early = undefined
        unwatch().catch(() => undefined)
      }
    },
    connected() {
      if (listeners.size > 0) void ask()
    },
    take(event) {
      if (early !== undefined) early.push(event)
      else if (sessions !== undefined) set(applyEvent(sessions, event))
    },
  }
}

/** The sessions after an event of `sessions.watch`. Pure. */
function applyEvent(sessions: SessionMap, event: EphemeralEvent): SessionMap {
  const next = new Map(sessions)
  if (event.type === 'session.changed') next.set(event.session_id, event.payload)
  if (event.type === 'session.deleted') next.delete(event.session_id)
  return next
}
