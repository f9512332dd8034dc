import {attachWindowBytes, decodeOutput, encodeOutput, type Output, type Params} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

import type {Attachments} from '../session/attachments.ts'
import {createOutputBatch} from '../output/output-batch.ts'

type AttachedPeer = Pick<Connection, 'notify' | 'queuedBytes' | 'drained'>

/** Connects the terminals of peers to the running program, one at a time. */
export interface AttachedPeers {
  /** `by`: see `EventPayload<'attach.start'>`. */
  start(peer: AttachedPeer, params: Params<'attach.start'>, by?: string): Promise<{prompt_id: string}>
  /** A peer has taken so many bytes of its lossless attachment. */
  taken(id: string, bytes: number): void
  /** Sends no more output to a slow peer, unless it must miss nothing. */
  stop(peer: AttachedPeer): void
  /** Sends the whole screen to a peer that has caught up, then output again. */
  resume(peer: AttachedPeer): void
  remove(peer: AttachedPeer): void
  /** The peer whose terminal is attached. */
  readonly peer: AttachedPeer | undefined
}

/** A peer with more than this in its send queue is slow: it gets no output, but the whole screen once the queue has drained. */
const maxQueuedBytes = 1024 * 1024
/** How long output that directly follows other output waits to be batched, ms. */
const delayMs = 1

interface AttachedTerminal {
  peer: AttachedPeer
  id: string
  isLossless: boolean
  isStopped: boolean
  /** Bytes of output, in total. */
  sent: number
  taken: number
}

/** `onChange`: another peer is attached, or none. */
export function createAttachedPeers(
  sessionId: string,
  attachments: () => Attachments | undefined,
  onChange: () => void = () => undefined,
): AttachedPeers {
  /** The one that is attached, and those that are about to be, by their ids. */
  const terminals = new Map<string, AttachedTerminal>()
  const of = (peer: AttachedPeer) => [...terminals.values()].filter((terminal) => terminal.peer === peer)

  const resume = (peer: AttachedPeer) => {
    for (const terminal of of(peer)) {
      if (!terminal.isStopped) continue
      terminal.isStopped = false
      attachments()?.repaint(terminal.id)
    }
  }

  const holdIfBehind = ({id, sent, taken}: AttachedTerminal) =>
    attachments()?.hold(id, sent - taken > attachWindowBytes)

  return {
    async start(peer, {attach_id: id, cols, rows, in_place: inPlace, lossless: isLossless = false}, by) {
      const {sent, taken} = terminals.get(id) ?? {sent: 0, taken: 0}
      const mine: AttachedTerminal = {peer, id, isLossless, isStopped: false, sent, taken}
      terminals.set(id, mine)
      const forget = () => {
        if (terminals.get(id) === mine) terminals.delete(id)
      }
      const send = (output: Output, repaint: {repaint?: true} = {}) => {
        if (mine.isStopped) return
        if (isLossless) {
          mine.sent += decodeOutput(output).length
          holdIfBehind(mine)
        } else if (peer.queuedBytes > maxQueuedBytes) {
          // Before sending, not after it: a screen that alone is larger must not be sent again and again.
          mine.isStopped = true
          return void peer.drained().then(() => resume(peer))
        }
        const payload = {attach_id: id, ...output, ...repaint, ...(isLossless && {lossless: true})}
        peer.notify('event', {type: 'attach.output', session_id: sessionId, payload})
      }
      const batch = createOutputBatch({onBatch: send, delayMs, isFirstAtOnce: true})
      const client = {
        onPaint(screen: string, {isWhole}: {isWhole: boolean}) {
          batch.flush()
          send(encodeOutput(Buffer.from(screen)) ?? {text: ''}, isWhole ? {repaint: true} : {})
        },
        onOutput: (data: Uint8Array) => batch.add(data),
        onEnd() {
          batch.flush()
          forget()
          // Later: another terminal may take its place at this moment.
          queueMicrotask(onChange)
        },
      }
      try {
        const promptId = await attachments()!.start(id, {cols, rows}, client, {inPlace, by})
        onChange()
        return {prompt_id: promptId}
      } catch (error) {
        forget()
        throw error
      }
    },
    taken(id, bytes) {
      const terminal = terminals.get(id)
      if (terminal === undefined) return
      terminal.taken = Math.min(Math.max(terminal.taken, bytes), terminal.sent)
      holdIfBehind(terminal)
    },
    stop(peer) {
      for (const terminal of of(peer)) terminal.isStopped = !terminal.isLossless
    },
    resume,
    remove(peer) {
      for (const {id} of of(peer)) {
        attachments()?.end(id, 'client-gone')
        terminals.delete(id)
      }
    },
    get peer() {
      return terminals.get(attachments()?.attached ?? '')?.peer
    },
  }
}
