import {encodeOutput, type Output, type Params} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

import type {Attachments} from './attachments.ts'
import {createOutputBatch} from '../output/output-batch.ts'

/** As much of a connection as is needed. */
type AttachedPeer = Pick<Connection, 'notify' | 'queuedBytes' | 'drained'>

/** The peers whose terminals are, or were, at the program of a session. */
export interface AttachedPeers {
  start(peer: AttachedPeer, params: Params<'attach.start'>): {prompt_id: string}
  /** The peer cannot take more at this moment. */
  stop(peer: AttachedPeer): void
  /** It can again, and gets the whole screen. */
  resume(peer: AttachedPeer): void
  /** It is gone. */
  remove(peer: AttachedPeer): void
  /** Whether somebody else's terminal is at the program. */
  isOther(peer: AttachedPeer): boolean
}

/** A peer whose queue holds more than this is slow: it gets the whole screen when it has caught up. */
const maxQueuedBytes = 1024 * 1024
/** What is typed is to be seen at once. */
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
        const payload = {attach_id: id, ...output, ...repaint}
        peer.notify('event', {type: 'attach.output', session_id: sessionId, payload})
        if (peer.queuedBytes <= maxQueuedBytes) return
        mine.isStopped = true
        void peer.drained().then(() => resume(peer))
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
