import {createClient, type Client, type SessionMap} from '@holdfast/client'
import {browserGateway} from '@holdfast/client/browser'

import {createStore, type Readable} from '../store.ts'
import {askAccess} from '../pairing/access.ts'
import {lineOf, type Line} from './line.ts'

/** The connection of this page to its gateway. */
export interface GatewayLink {
  readonly client: Client
  readonly line: Readable<Line>
  /** All sessions; `undefined` until they are known. */
  readonly sessions: Readable<SessionMap | undefined>
  /** Tries at once where the line is down. */
  retry(): void
  close(): void
}

export interface GatewayLinkOptions {
  /** The server refuses this browser: its pairing has expired, or was revoked. */
  onRefused: () => void
}

/** Connects to the server of this page, for as long as the page lives. */
export function createGatewayLink({onRefused}: GatewayLinkOptions): GatewayLink {
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
  const client = createClient({gateway, onStatus: show})
  const look = () => {
    show()
    if (document.visibilityState === 'hidden') return
    // A phone that wakes up has a line that looks open and is not.
    if (client.status.kind === 'live') gateway.check()
    else client.retry()
  }
  const closing = new AbortController()
  const {signal} = closing
  document.addEventListener('visibilitychange', look, {signal})
  addEventListener('pageshow', look, {signal})
  addEventListener('online', look, {signal})
  addEventListener('offline', show, {signal})
  const unwatch = client.watchSessions((next) => sessions.set(next))
  return {
    client,
    line,
    sessions,
    retry: () => client.retry(),
    close() {
      closing.abort()
      unwatch()
      void client.close('the page was left')
    },
  }
}
