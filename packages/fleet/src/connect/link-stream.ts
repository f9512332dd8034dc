import {Duplex} from 'node:stream'

import {costOf, decodeFrame, encodeFrame, judgeFrame, type Frame, type FrameKind} from './frame.ts'

export interface LinkStreamOptions {
  /** How much this end takes before it was read, bytes. */
  window: number
  /** How much the other end takes. */
  peerWindow: number
  /** The largest body of a frame, bytes. */
  maxBodyBytes: number
  /** Sends a frame to the other end. It may be lost. */
  send(frame: Uint8Array): void
  /** Nothing is sent any more. */
  onClosed(): void
}

/** One end of a connection: a stream over frames that may be lost, repeated or come in another order. */
export interface LinkStream {
  readonly stream: Duplex
  /** Takes a frame of the other end. */
  receive(bytes: Uint8Array): void
  /** The connection is lost. What came before is read first. */
  lose(error: Error): void
  /** Asks the other end whether it is there. */
  ping(): void
}

/** An error that says that the other end is gone. */
export function lostError(message: string, code: 'ECONNRESET' | 'ETIMEDOUT' = 'ECONNRESET'): Error {
  return Object.assign(new Error(message), {code})
}

const empty = new Uint8Array()

/**
 * Each end numbers its frames: what is missing is noticed with the next frame, at the latest with a ping, and ends the stream. Each end sends
 * no more than the other one's window beyond what that has taken.
 */
export function createLinkStream(options: LinkStreamOptions): LinkStream {
  const {window, peerWindow, maxBodyBytes, send, onClosed} = options
  /** Frames `data` and `end`. */
  let sentCount = 0
  let receivedCount = 0
  /** Costs of frames, in total. */
  let sentCost = 0
  let takenByPeer = 0
  let taken = 0
  let toldTaken = 0
  /** What came and was not read: bodies, then how it ends. */
  const held: (Uint8Array | 'end' | Error)[] = []
  let heldCost = 0
  let isReading = false
  /** The chunk that is being sent, from `offset`. */
  let outgoing: {chunk: Buffer; offset: number; done: () => void} | undefined
  let hasEnded = false
  /** The other end sends no more. */
  let isOver = false
  /** The other end reads no more. */
  let isPeerGone = false

  const publish = (kind: FrameKind, body: Uint8Array = empty) => {
    toldTaken = taken
    send(encodeFrame({kind, count: sentCount, taken, body}))
  }

  /** Sends what the other end has room for. */
  const pump = () => {
    while (outgoing !== undefined) {
      const {chunk, offset, done} = outgoing
      const body = chunk.subarray(offset, offset + maxBodyBytes)
      if (body.length === 0 || isPeerGone) {
        outgoing = undefined
        done()
        continue
      }
      if (sentCost + costOf(body.length) - takenByPeer > peerWindow) return
      outgoing.offset += body.length
      sentCost += costOf(body.length)
      sentCount++
      publish('data', body)
    }
  }

  /** One piece at a time: so none is in the stream's own buffer, which an error would empty. */
  const deliver = () => {
    const next = held[0]
    if (!isReading || next === undefined) return
    isReading = false
    held.shift()
    if (next === 'end') return void stream.push(null)
    if (next instanceof Error) return void stream.destroy(next)
    taken += costOf(next.length)
    heldCost -= costOf(next.length)
    stream.push(next)
    if (taken - toldTaken >= window / 4 && !stream.destroyed) publish('ack')
  }

  const hold = (next: Uint8Array | 'end' | Error) => {
    held.push(next)
    deliver()
  }

  const lose = (error: Error) => {
    isPeerGone = true
    pump()
    if (isOver) return
    isOver = true
    hold(error)
  }

  const take = ({kind, count, body}: Frame) => {
    if (kind === 'ping') return publish('ack')
    if (kind === 'abort') return lose(lostError('the other end has given the connection up'))
    if (kind === 'ack') return
    receivedCount = count
    if (kind === 'end') {
      isOver = true
      return hold('end')
    }
    heldCost += costOf(body.length)
    if (heldCost > window) return lose(lostError('the other end sends more than this one takes'))
    hold(body)
  }

  const stream = new Duplex({
    readableHighWaterMark: 0,
    read() {
      isReading = true
      deliver()
    },
    write(chunk: Buffer, _encoding, done) {
      outgoing = {chunk, offset: 0, done: () => done()}
      pump()
    },
    final(done) {
      hasEnded = true
      sentCount++
      publish('end')
      done()
    },
    destroy(error, done) {
      isOver = true
      held.length = 0
      if (!hasEnded) publish('abort')
      onClosed()
      done(error)
    },
  })

  return {
    stream,
    receive(bytes) {
      if (stream.destroyed) return
      const frame = decodeFrame(bytes)
      if (frame === undefined) return lose(lostError('the other end sends what is not a frame'))
      takenByPeer = Math.max(takenByPeer, frame.taken)
      const judged = judgeFrame(frame, receivedCount)
      if (judged === 'gap') lose(lostError('messages were lost on their way'))
      else if (judged === 'take' && !isOver) take(frame)
      pump()
    },
    lose,
    ping() {
      if (!stream.destroyed) publish('ping')
    },
  }
}
