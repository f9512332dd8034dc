import type {ShownLog} from '@holdfast/event-log'
import type {Connection} from '@holdfast/rpc'
import {notifyRaw} from '@holdfast/rpc/raw'

/**
 * A peer with more than this in its send queue is slow: it gets the rest from the log once the queue has drained. One read
 * of the log returns as much, too. What waits outlives V8's young generation: with 1 MiB, the heap grows by 60 MiB more.
 */
const maxQueuedBytes = 256 * 1024

export type WatchingPeer = Pick<Connection, 'notify' | 'queuedBytes' | 'drained' | 'close'>

export interface Watcher {
  /** Sends the new events of the log. */
  wake(): void
  stop(): void
}

/**
 * Sends a peer the events after a seq, in order, and each new event after them. It reads all of them from the log: so a slow
 * peer costs no memory, and no event is lost or repeated between the replayed and the live ones.
 */
export function createWatcher(
  log: Pick<ShownLog, 'latestSeq' | 'readEncoded'>,
  peer: WatchingPeer,
  afterSeq: number,
): Watcher {
  let sentSeq = afterSeq
  let isStopped = false
  let isWaiting = false

  const send = () => {
    while (!isStopped && !isWaiting && sentSeq < log.latestSeq) {
      for (const {event, json} of next()) {
        if (!notifyRaw(peer, 'event', event, json)) return stop()
        sentSeq = event.seq
      }
      if (peer.queuedBytes > maxQueuedBytes) waitForRoom()
    }
  }
  const next = () => {
    try {
      const events = log.readEncoded({afterSeq: sentSeq, maxBytes: maxQueuedBytes})
      // `send` would read for ever.
      if (events.length === 0)
        throw new Error(`The log lacks event ${sentSeq + 1}, although event ${log.latestSeq} exists`)
      return events
    } catch (error) {
      // A failed read must not end the session: this peer loses its connection instead, and can resume.
      stop()
      void peer.close(error instanceof Error ? error.message : String(error))
      return []
    }
  }
  const waitForRoom = () => {
    isWaiting = true
    void peer.drained().then(() => {
      isWaiting = false
      send()
    })
  }
  const stop = () => {
    isStopped = true
  }

  return {wake: send, stop}
}
