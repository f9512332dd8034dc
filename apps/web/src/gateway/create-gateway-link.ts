import {createClient, type Client, type SessionMap} from '@holdfast/client'
import {browserGateway} from '@holdfast/client/browser'

import type {PageCache} from '../cache/page-cache.ts'
import {askAccess} from './access.ts'
import {createStore, type Readable} from '../store.ts'
import {lineOf, type Line} from './line.ts'

declare const __VERSION__: string

/** The connection of this page to its gateway. */
export interface GatewayLink {
  readonly client: Client
  readonly line: Readable<Line>
  /** All sessions; `undefined` until they are known. */
  readonly sessions: Readable<SessionMap | undefined>
  /** Tries at once where the connection is lost. */
  retry(): void
  close(): void
}

export interface GatewayLinkOptions {
  /** Keeps the list of sessions, to show it without a connection. */
  cache: Pick<PageCache, 'readList' | 'writeList'>
  /** The server refuses this browser: its pairing has expired, or was revoked. */
  onRefused: () => void
}

/** How often the list of sessions is saved on this device, ms. */
const saveMs = 5000

/** Connects to the server of this page, for as long as the page lives. */
export function createGatewayLink({cache, onRefused}: GatewayLinkOptions): GatewayLink {
  let attemptAt = 0
  const line = createStore<Line>({kind: 'connecting'})
  const sessions = createStore<SessionMap | undefined>(undefined)
  const gateway = browserGateway({
    url: `${location.origin.replace(/^http/, 'ws')}/gateway`,
    async isAllowed() {
      const isRefused = (await askAccess()).kind === 'unpaired'
      if (isRefused) onRefused()
      return !isRefused
    },
    onPlan: (at) => (attemptAt = at),
  })
  const show = () => line.set(lineOf({status: client.status, hasNetwork: navigator.onLine, attemptAt}))
  const client = createClient({gateway, onStatus: show, program: {name: 'web', version: __VERSION__}})
  const look = () => {
    show()
    if (document.visibilityState === 'hidden') return
    // A phone that wakes up has a connection that looks open and is not.
    if (client.status.kind === 'live') gateway.check()
    else client.retry()
  }
  const closing = new AbortController()
  const {signal} = closing
  document.addEventListener('visibilitychange', look, {signal})
  addEventListener('pageshow', look, {signal})
  addEventListener('online', look, {signal})
  // A browser may not report that a connection has ended while there is no network.
  addEventListener('offline', look, {signal})
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  const unwatch = client.watchSessions((next) => {
    sessions.set(next)
    saveTimer ??= setTimeout(() => {
      saveTimer = undefined
      void cache.writeList([...(sessions.value?.values() ?? [])])
    }, saveMs)
  })
  void cache.readList().then((listed) => {
    if (sessions.value === undefined && listed !== undefined)
      sessions.set(new Map(listed.map((session) => [session.id, session])))
  })
  return {
    client,
    line,
    sessions,
    retry: () => client.retry(),
    close() {
      closing.abort()
      clearTimeout(saveTimer)
      unwatch()
      void client.close('the page was left')
    },
  }
}
