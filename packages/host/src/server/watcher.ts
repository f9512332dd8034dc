import type {EventLog} from '@holdfast/event-log'
import type {Connection} from '@holdfast/rpc'

/**
 * A peer whose queue holds more than this is slow: it reads on from the log when it has caught up. That is read in stretches
 * of as much. What waits outlives V8's space for new objects, and the heap grows with it: with 1 MiB, by 60 MiB more.
 */
const maxQueuedBytes = 256 * 1024

/** As much of a connection as a watcher needs. */
export type WatchingPeer = Pick<Connection, 'notify' | 'queuedBytes' | 'drained' | 'close'>

export interface Watcher {
  /** There may be something new in the log. */
  wake(): void
  stop(): void
}

/**
 * Shows a peer the events after a seq, in order, and goes on as new ones come. What is sent is read from the log, so a
 * slow peer costs no memory, and there is no seam between replay and live.
 */
export function createWatcher(log: EventLog, peer: WatchingPeer, afterSeq: number): Watcher {
  let sentSeq = afterSeq
  let isStopped = false
  let isWaiting = false

  const send = () => {
    while (!isStopped && !isWaiting && sentSeq < log.latestSeq) {
      for (const {event, json} of next()) {
        if (!peer.notify('event', event, json)) return stop()
        sentSeq = event.seq
      }
      if (peer.queuedBytes > maxQueuedBytes) waitForRoom()
    }
  }
  const next = () => {
    try {
      return log.readEncoded({afterSeq: sentSeq, maxBytes: maxQueuedBytes})
    } catch (error) {
      // What cannot be read for one peer must not hurt the session; the peer is told by losing its line.
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
