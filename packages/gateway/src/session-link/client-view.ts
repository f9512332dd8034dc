import {isLosslessOutput, readEnvelope, readEphemeralEvent, type EphemeralEvent} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'
import {notifyRaw} from '@holdfast/rpc/raw'

import {maxWaitingEvents, watchingViews} from '../process-limits.ts'

export interface ClientViewOptions {
  client: Pick<Connection, 'notify' | 'queuedBytes' | 'drained'>
  /** The client is slow: events for it must stop. */
  onSlow: () => void
  /** The client has caught up: it wants the events after `shownSeq`. */
  onDrained: () => void
  /** The client has received `session.closed`. */
  onClosed: () => void
}

/** Sends one client the events of one session, each once and in order, whatever arrives from hosts. */
export interface ClientView {
  /** The seq of the last event sent; `undefined` while the client does not watch the session. */
  readonly shownSeq: number | undefined
  /** The time of that event; `undefined` if it was sent before this view began. */
  readonly shownAt: number | undefined
  /** The client watches the session, or is about to. */
  readonly isWatching: boolean
  /** The client watches, but its send queue is too long. */
  readonly isSlow: boolean
  /**
   * Starts again. Holds back events until `responded` resolves, as the client needs the response first. The caller passes
   * the seqs of that response to the returned function. If several restarts overlap, only the last one counts.
   */
  restart(responded: Promise<void>): (afterSeq: number, latestSeq: number) => void
  /** Sends no more events. */
  stop(): void
  /**
   * Sends an event if it is the next one; any other is a repetition, or will come again after a resume. `json` is the
   * received JSON of the event, if known: it is forwarded unchanged.
   */
  take(params: unknown, json?: string): void
}

export function createClientView(options: ClientViewOptions): ClientView {
  const {client, onSlow, onDrained, onClosed} = options
  let shownSeq: number | undefined
  let shownAt: number | undefined
  /** Events since the last restart, held back until the client has the response. */
  let held: {params: unknown; json: string | undefined}[] | undefined
  let isSlow = false

  const show = (params: unknown, json: string | undefined) => {
    // First: each key in an attached terminal brings one, and the schema of a logged event takes long to reject it.
    const ephemeral = readEphemeralEvent(params)
    if (ephemeral !== undefined) return showEphemeral(ephemeral, params, json)
    const event = readEnvelope(params)
    if (event === undefined || shownSeq === undefined || event.seq !== shownSeq + 1 || isSlow) return
    notifyRaw(client, 'event', params, json)
    shownSeq = event.seq
    shownAt = event.at
    if (event.type === 'session.closed') {
      stop()
      onClosed()
    } else if (client.queuedBytes > maxWaitingEvents()) waitForClient()
  }

  const showEphemeral = (event: EphemeralEvent, params: unknown, json: string | undefined) => {
    if (!isLosslessOutput(event)) {
      if (shownSeq === undefined || isSlow) return
      // It is not in the log; an attached client gets the whole screen after the next resume. That alone may be larger, and
      // must not make the client slow again.
      if (client.queuedBytes > maxWaitingEvents()) return waitForClient()
    }
    notifyRaw(client, 'event', params, json)
  }

  /** Drops events meanwhile: all of them are in the log. */
  const waitForClient = () => {
    isSlow = true
    onSlow()
    void client.drained().then(() => {
      isSlow = false
      if (shownSeq !== undefined) onDrained()
    })
  }

  const stop = () => {
    shownSeq = undefined
    held = undefined
    watchingViews.delete(view)
  }

  const view: ClientView = {
    get shownSeq() {
      return shownSeq
    },
    get shownAt() {
      return shownAt
    },
    get isWatching() {
      return shownSeq !== undefined || held !== undefined
    },
    get isSlow() {
      return isSlow
    },
    restart(responded) {
      const mine: {params: unknown; json: string | undefined}[] = []
      shownSeq = shownAt = undefined
      held = mine
      watchingViews.add(view)
      void responded.then(() => {
        if (held !== mine) return
        held = undefined
        for (const {params, json} of mine) show(params, json)
      })
      return (afterSeq, latestSeq) => {
        if (held !== mine) return
        shownSeq = afterSeq < 0 ? Math.max(0, latestSeq + afterSeq) : Math.min(afterSeq, latestSeq)
      }
    },
    stop,
    take(params, json) {
      if (held === undefined) show(params, json)
      else held.push({params, json})
    },
  }
  return view
}
