import {encodeOutput, type Output, type Params} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

import type {Attachments} from '../session/attachments.ts'
import {createOutputBatch} from '../output/output-batch.ts'

type AttachedPeer = Pick<Connection, 'notify' | 'queuedBytes' | 'drained'>

/** Connects the terminals of peers to the running program, one at a time. */
export interface AttachedPeers {
  start(peer: AttachedPeer, params: Params<'attach.start'>): {prompt_id: string}
  /** Sends no more output to a slow peer. */
  stop(peer: AttachedPeer): void
  /** Sends the whole screen to a peer that has caught up, then output again. */
  resume(peer: AttachedPeer): void
  remove(peer: AttachedPeer): void
  /** Whether the terminal of another peer is attached. */
  isOther(peer: AttachedPeer): boolean
}

/** A peer with more than this in its send queue is slow: it gets no output, but the whole screen once the queue has drained. */
const maxQueuedBytes = 1024 * 1024
/** How long output waits to be batched, ms: short, so that an echo is seen at once. */
const delayMs = 1

export function createAttachedPeers(sessionId: string, attachments: () => Attachments | undefined): AttachedPeers {
  let current: {peer: AttachedPeer; id: string; isStopped: boolean} | undefined

  const resume = (peer: AttachedPeer) => {
    if (current?.peer !== peer || !current.isStopped) return
    current.isStopped = false
    attachments()?.repaint(current.id)
  }

  return {
    start(peer, {attach_id: id, cols, rows}) {
      const mine = (current = {peer, id, isStopped: false as boolean})
      const send = (output: Output, repaint: {repaint?: true} = {}) => {
        if (mine.isStopped) return
        // Before sending, not after it: a screen that alone is larger must not be sent again and again.
        if (peer.queuedBytes > maxQueuedBytes) {
          mine.isStopped = true
          return void peer.drained().then(() => resume(peer))
        }
        const payload = {attach_id: id, ...output, ...repaint}
        peer.notify('event', {type: 'attach.output', session_id: sessionId, payload})
      }
      const batch = createOutputBatch({onBatch: send, delayMs})
      const client = {
        onPaint(screen: string) {
          batch.flush()
          send(encodeOutput(Buffer.from(screen)) ?? {text: ''}, {repaint: true})
        },
        onOutput: (data: Uint8Array) => batch.add(data),
        onEnd: () => batch.flush(),
      }
      const promptId = attachments()!.start(id, {cols, rows}, client)
      return {prompt_id: promptId}
    },
    stop(peer) {
      if (current?.peer === peer) current.isStopped = true
    },
    resume,
    remove(peer) {
      if (current?.peer !== peer) return
      attachments()?.end(current.id, 'client-gone')
      current = undefined
    },
    isOther: (peer) => current !== undefined && current.peer !== peer && attachments()?.attached === current.id,
  }
}
