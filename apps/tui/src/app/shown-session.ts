import {readEvent, type Client, type ClientSession, type Recovery, type SessionStatus} from '@holdfast/client'
import type {Activity, LoggedEvent, SessionState, Viewers} from '@holdfast/protocol'

import {terminalSize} from '../process/terminal-size.ts'

export interface ShownSessionOptions {
  client: Pick<Client, 'openSession' | 'request' | 'status'>
  /** A machine of a fleet that has the session may be away: then its log would have to be copied first. */
  isInFleet: boolean
  /** An event of the open session. */
  onEvent: (event: LoggedEvent, shown: EventContext) => void
  onStatus: (status: SessionStatus) => void
  onActivity: (activity: Activity | undefined) => void
  onViewers: (viewers: Viewers | undefined) => void
  onPrompt: (printed: Uint8Array) => void
  onState: (state: SessionState) => void
  onRecovered: (recovery: Recovery) => void
  /** The session was left, and no other one is open yet. */
  onLeft: () => void
}

export interface EventContext {
  id: string
  /** The first event since the session was opened. */
  isFirst: boolean
  /** See `ClientSession`, which is not there yet when past events arrive. */
  state: SessionState
}

/** The open session, which can be switched. */
export interface ShownSession {
  /** `undefined` until the first one is open. */
  readonly current: ClientSession | undefined
  /** Resolves with the session that is open, or is being opened. */
  readonly opened: Promise<ClientSession>
  /**
   * Opens the session with the id that `choose` resolves with, in place of the open one. If the gateway cannot be restarted,
   * waits for `retry`. Rejects if it cannot be opened; then the previous session is opened again.
   */
  open(choose: () => Promise<string>): Promise<ClientSession>
  /** Continues an `open` that waits. */
  retry(): void
}

/** The most events that are shown when a session is opened, so that opening takes the same time whatever its length. */
const shownEvents = 1000

export function createShownSession(options: ShownSessionOptions): ShownSession {
  const {client, isInFleet, onEvent, onStatus, onActivity, onViewers, onPrompt, onState, onRecovered, onLeft} = options
  let current: ClientSession | undefined
  let opened: Promise<ClientSession> | undefined
  let onRetry = () => {}
  /** Counts openings: events of a session that was left are dropped. */
  let openings = 0

  const openFrom = async (id: string, afterSeq: number): Promise<ClientSession> => {
    const opening = ++openings
    const isShown = () => opening === openings
    let isFirst = true
    const session = await client.openSession(id, {
      afterSeq,
      size: terminalSize(),
      onEvent(event, _wire, state) {
        if (!isShown()) return
        onEvent(event, {id, isFirst, state})
        isFirst = false
      },
      onStatus: (status) => isShown() && onStatus(status),
      onActivity: (activity) => isShown() && onActivity(activity),
      onViewers: (viewers) => isShown() && onViewers(viewers),
      onPrompt: (printed) => isShown() && onPrompt(printed),
      onState: (state) => isShown() && onState(state),
      onRecovered: (recovery) => isShown() && onRecovered(recovery),
    })
    current = session
    return session
  }

  /**
   * The event after which to show a session. As many events as one answer has: those of a flood are large, and would roll past for
   * seconds.
   */
  const findStart = async (id: string): Promise<number> => {
    if (isInFleet) return -shownEvents
    const last = {session_id: id, before_seq: Number.MAX_SAFE_INTEGER, limit: shownEvents}
    // A log that cannot be read is repaired when the session is opened.
    const page = await client.request('session.events', last).catch(() => undefined)
    const first = readEvent(page?.events[0], () => undefined)
    return first !== undefined && 'seq' in first ? first.seq - 1 : -shownEvents
  }

  const leave = async (session: ClientSession) => {
    openings++
    onLeft()
    // If the gateway is gone, so is its subscription.
    await session.leave().catch(() => undefined)
  }

  /** Waits for `retry` once the gateway has used up its restarts. */
  const openOnce = async (choose: () => Promise<string>): Promise<ClientSession> => {
    for (;;) {
      try {
        const id = await choose()
        if (current?.id === id && current.status.kind !== 'ended') return current
        const before = current
        const start = await findStart(id)
        if (before === undefined) return await openFrom(id, start)
        await leave(before)
        try {
          return await openFrom(id, start)
        } catch (error) {
          if (before.status.kind === 'ended' && before.state.closed === null) await openFrom(before.id, before.lastSeq)
          throw error
        }
      } catch (error) {
        const {status} = client
        if (status.kind !== 'gave-up' || status.reason !== 'budget') throw error
        await new Promise<void>((resolve) => (onRetry = resolve))
      }
    }
  }

  return {
    get current() {
      return current
    },
    get opened() {
      return opened ?? Promise.reject(new Error('Expected a session to be opened first'))
    },
    async open(choose) {
      const before = opened
      // Openings run one after another.
      const next = (before?.catch(() => undefined) ?? Promise.resolve()).then(() => openOnce(choose))
      opened = next
      try {
        return await next
      } catch (error) {
        if (opened === next && current !== undefined) opened = Promise.resolve(current)
        throw error
      }
    },
    retry: () => onRetry(),
  }
}
