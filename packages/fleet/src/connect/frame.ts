/**
 * What one end of a connection sends to the other. `data`: a piece of the stream. `end`: there is no more. `abort`: the connection is over,
 * and what was not sent is lost. `ack` says how much this end has taken; `ping` asks for one.
 */
export type FrameKind = 'data' | 'end' | 'abort' | 'ack' | 'ping'

export interface Frame {
  kind: FrameKind
  /** How many frames `data` and `end` this end has sent, with this one: the other end sees which are missing. */
  count: number
  /** The cost of the frames that this end has taken so far. */
  taken: number
  /** Empty, except for `data`. */
  body: Uint8Array
}

const kinds: readonly FrameKind[] = ['data', 'end', 'abort', 'ack', 'ping']
const headerBytes = 13
/** What a frame costs beside its body: an end that does not read keeps it in memory. */
const overheadBytes = 256

/** What a frame takes of the window of the other end, bytes. */
export function costOf(bodyBytes: number): number {
  return bodyBytes + overheadBytes
}

/** The largest body in a message of `maxPayload` bytes, for an end with this window. */
export function maxBodyBytes(maxPayload: number, window: number): number {
  // Two fit into the window: one is on its way while the other is taken. Larger ones would hold up other connections.
  return Math.min(128 * 1024, maxPayload - headerBytes, window / 2 - overheadBytes)
}

export function encodeFrame({kind, count, taken, body}: Frame): Uint8Array {
  const frame = Buffer.allocUnsafe(headerBytes + body.length)
  frame.writeUInt8(kinds.indexOf(kind), 0)
  frame.writeUIntBE(count, 1, 6)
  frame.writeUIntBE(taken, 7, 6)
  frame.set(body, headerBytes)
  return frame
}

/** `undefined` if it is none. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const kind = kinds[bytes[0] ?? kinds.length]
  if (kind === undefined || bytes.length < headerBytes) return undefined
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return {kind, count: view.readUIntBE(1, 6), taken: view.readUIntBE(7, 6), body: view.subarray(headerBytes)}
}

/**
 * What to do with a frame, from the number of those that came before it. `repeated`: it came before. `gap`: frames before it are missing,
 * or come later, which is the same here.
 */
export function judgeFrame({kind, count}: Frame, received: number): 'take' | 'repeated' | 'gap' {
  const isNumbered = kind === 'data' || kind === 'end'
  if (count > received + (isNumbered ? 1 : 0)) return 'gap'
  return isNumbered && count <= received ? 'repeated' : 'take'
}
