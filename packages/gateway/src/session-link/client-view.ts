import {isEphemeralEvent, readEnvelope} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

export interface ClientViewOptions {
  client: Pick<Connection, 'notify' | 'queuedBytes' | 'drained'>
  /** The client is slow: the events are to stop. */
  onSlow: () => void
  /** It has caught up: the events after `shownSeq` are wanted again. */
  onDrained: () => void
  /** It was shown the end of the session. */
  onClosed: () => void
}

/** What one client has been shown of one session: each event once and in order, whatever comes. */
export interface ClientView {
  /** The last event that the client was shown; `undefined` while it watches nothing. */
  readonly shownSeq: number | undefined
  /** It watches, but cannot take more at this moment. */
  readonly isSlow: boolean
  /**
   * Starts anew. What comes is held until `responded`: the client must have the answer on which the events stand. Where they
   * go on is told to the returned function when it is known; of many starts at once only the last one counts.
   */
  restart(responded: Promise<void>): (afterSeq: number, latestSeq: number) => void
  /** Shows no more. */
  stop(): void
  /**
   * Shows an event if it is the next; others are repetitions, or will come again after a resume. `json`: the event as it
   * came, where that is at hand; it is led on as it is.
   */
  take(params: unknown, json?: string): void
}

/** A client whose queue holds more than this is slow: it is shown the rest from the log when it has caught up. */
const maxQueuedBytes = 4 * 1024 * 1024

export function createClientView(options: ClientViewOptions): ClientView {
  const {client, onSlow, onDrained, onClosed} = options
  let shownSeq: number | undefined
  /** Events that came before the client had its answer: those of the last start. */
  let held: {params: unknown; json: string | undefined}[] | undefined
  let isSlow = false

  const show = (params: unknown, json: string | undefined) => {
    const event = readEnvelope(params)
    if (event === undefined && shownSeq !== undefined && !isSlow && isEphemeralEvent(params)) {
      client.notify('event', params, json)
      // Not in the log: who is attached gets the whole screen, with the resume.
      if (client.queuedBytes > maxQueuedBytes) waitForClient()
    }
    if (event === undefined || shownSeq === undefined || event.seq !== shownSeq + 1 || isSlow) return
    client.notify('event', params, json)
    shownSeq = event.seq
    if (event.type === 'session.closed') {
      shownSeq = undefined
      onClosed()
    } else if (client.queuedBytes > maxQueuedBytes) waitForClient()
  }

  /** Nothing has to be kept meanwhile: it is all in the log. */
  const waitForClient = () => {
    isSlow = true
    onSlow()
    void client.drained().then(() => {
      isSlow = false
      if (shownSeq !== undefined) onDrained()
    })
  }

  return {
    get shownSeq() {
      return shownSeq
    },
    get isSlow() {
      return isSlow
    },
    restart(responded) {
      const mine: {params: unknown; json: string | undefined}[] = []
      shownSeq = undefined
      held = mine
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
    stop() {
      shownSeq = undefined
      held = undefined
    },
    take(params, json) {
      if (held === undefined) show(params, json)
      else held.push({params, json})
    },
  }
}
