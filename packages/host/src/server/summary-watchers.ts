import type {SessionSummary} from '@holdfast/protocol'

import type {WatchingPeer} from './watcher.ts'

/** Peers that get the summary of the session whenever it changes, for lists of sessions. */
export interface SummaryWatchers {
  /** The summary at this moment; `undefined` before the session was created. */
  now(): SessionSummary | undefined
  /** The same, and the peer gets each change from now on. */
  add(peer: WatchingPeer): SessionSummary | undefined
  remove(peer: WatchingPeer): void
  /** The summary may have changed. */
  look(): void
}

/** The least time between two summaries, ms. */
const gapMs = 100

/** The same where only `latest_seq` differs, as while a program prints. */
const outputGapMs = 1000

/** A peer with more than this in its send queue, bytes, gets the next summary when it has drained. */
const maxQueuedBytes = 64 * 1024

export function createSummaryWatchers(summarize: () => SessionSummary | undefined): SummaryWatchers {
  const peers = new Set<WatchingPeer>()
  /** Those of them whose queue must drain first. */
  const behind = new Set<WatchingPeer>()
  let sent: SessionSummary | undefined
  let sentAt = -Infinity
  let due: {at: number; timer: NodeJS.Timeout} | undefined

  const send = () => {
    clearTimeout(due?.timer)
    due = undefined
    const summary = summarize()
    if (summary === undefined) return
    sent = summary
    sentAt = performance.now()
    for (const peer of peers) notify(peer, summary)
  }
  const notify = (peer: WatchingPeer, summary: SessionSummary) => {
    if (behind.has(peer)) return
    if (peer.queuedBytes <= maxQueuedBytes)
      return void peer.notify('event', {type: 'session.changed', session_id: summary.id, payload: summary})
    behind.add(peer)
    void peer.drained().then(() => {
      behind.delete(peer)
      if (!peers.has(peer)) return
      const latest = summarize()
      if (latest !== undefined) notify(peer, latest)
    })
  }

  return {
    now: summarize,
    add(peer) {
      peers.add(peer)
      // The others get the change that this one has with the answer, as before.
      if (peers.size === 1) sent = summarize()
      return summarize()
    },
    remove(peer) {
      peers.delete(peer)
      if (peers.size > 0) return
      clearTimeout(due?.timer)
      due = undefined
    },
    look() {
      if (peers.size === 0) return
      const gap = gapUntil(sent, summarize())
      if (gap === undefined) return
      const at = sentAt + gap
      if (due !== undefined && due.at <= at) return
      clearTimeout(due?.timer)
      due = {at, timer: setTimeout(send, Math.max(0, at - performance.now())).unref()}
    },
  }
}

/** The least time from one summary to the next, ms; `undefined`: nothing has changed. Pure. */
function gapUntil(before: SessionSummary | undefined, next: SessionSummary | undefined): number | undefined {
  if (next === undefined) return undefined
  const isSame = JSON.stringify({...before, latest_seq: 0}) === JSON.stringify({...next, latest_seq: 0})
  if (!isSame) return gapMs
  return before?.latest_seq === next.latest_seq ? undefined : outputGapMs
}
