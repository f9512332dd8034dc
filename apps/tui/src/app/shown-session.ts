import type {Client, ClientSession, Recovery, SessionStatus} from '@holdfast/client'
import type {Activity, SessionEvent, UnknownEvent} from '@holdfast/protocol'

import {terminalSize} from '../process/terminal-size.ts'

export interface ShownSessionOptions {
  client: Pick<Client, 'openSession' | 'status'>
  /** An event of the session that is shown; `isFirst`: no other of it came before. */
  onEvent: (event: SessionEvent | UnknownEvent, id: string, isFirst: boolean) => void
  onStatus: (status: SessionStatus) => void
  onActivity: (activity: Activity | undefined) => void
  onRecovered: (recovery: Recovery) => void
  /** The session that was shown is not any more, and no other one is yet. What ran in it runs on. */
  onLeft: () => void
}

/** The session that is on the screen, which may be changed for another one. */
export interface ShownSession {
  /** `undefined`: the first one is not open yet. */
  readonly current: ClientSession | undefined
  /** Resolves with the session that is shown, or will be. */
  readonly opened: Promise<ClientSession>
  /**
   * Shows the session that `choose` gives the id of, in the place of the one that is shown. When the gateway is given up
   * it is tried again after `retry`. Rejects when it cannot be opened; then the one before is shown again.
   */
  open(choose: () => Promise<string>): Promise<ClientSession>
  /** Goes on with an opening that waits. */
  retry(): void
}

/** Of a session, so many of the last events are shown when it is opened: however long it is, that takes the same time. */
const shownEvents = 1000

export function createShownSession(options: ShownSessionOptions): ShownSession {
  const {client, onEvent, onStatus, onActivity, onRecovered, onLeft} = options
  let current: ClientSession | undefined
  let opened: Promise<ClientSession> | undefined
  let onRetry = () => {}
  /** Each opening has its number: what a session says that was left is for nobody. */
  let openings = 0

  const openFrom = async (id: string, afterSeq: number): Promise<ClientSession> => {
    const opening = ++openings
    const isShown = () => opening === openings
    const size = terminalSize()
    let isFirst = true
    const session = await client.openSession(id, {
      afterSeq,
      ...(size === undefined ? {} : {size}),
      onEvent(event) {
        if (!isShown()) return
        onEvent(event, id, isFirst)
        isFirst = false
      },
      onStatus: (status) => isShown() && onStatus(status),
      onActivity: (activity) => isShown() && onActivity(activity),
      onRecovered: (recovery) => isShown() && onRecovered(recovery),
    })
    current = session
    return session
  }

  const leave = async (session: ClientSession) => {
    openings++
    onLeft()
    // A gateway that cannot be told is gone, and what it watched with it.
    await session.leave().catch(() => undefined)
  }

  /** A gateway that dies again and again is left until somebody asks for it; what is entered waits. */
  const openOnce = async (choose: () => Promise<string>): Promise<ClientSession> => {
    for (;;) {
      try {
        const id = await choose()
        if (current?.id === id && current.status.kind !== 'ended') return current
        const before = current
        if (before === undefined) return await openFrom(id, -shownEvents)
        await leave(before)
        try {
          return await openFrom(id, -shownEvents)
        } catch (error) {
          if (before.status.kind === 'ended' && before.state.closed === null) await openFrom(before.id, before.lastSeq)
          throw error
        }
      } catch (error) {
        const line = client.status
        if (line.kind !== 'gave-up' || line.reason !== 'budget') throw error
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
      // One after the other, whoever asks.
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
