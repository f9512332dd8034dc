import type {Noise, Receiver} from '@holdfast/rpc'
import {deliverText} from '../messages/deliver-text.ts'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'

export interface NdjsonDecoderOptions {
  /** A longer line is skipped and reported as noise. @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
}

export interface NdjsonDecoder {
  /** Takes the next bytes of the stream, and tells the receiver of each line that they end. */
  push(chunk: Uint8Array): void
  /** The stream is over: a last line without a line break is a message if it is whole, else noise. */
  end(): void
}

const LINE_FEED = 10
const BYTE_ORDER_MARK = '\ufeff'
const NOTHING = Buffer.alloc(0)
/** What is kept for the next line, bytes: more than an event of output has. A buffer that had to be larger is let go. */
const KEPT_BYTES = 256 * 1024

/**
 * Bytes to messages: one JSON object a line, UTF-8. However the bytes are cut into chunks, the messages are the same.
 * Blank lines are nothing, `\r\n` ends a line too, a byte order mark may begin the stream, and invalid UTF-8 becomes
 * U+FFFD. What is no message is reported, and the stream goes on. Never holds more than one line of the allowed length.
 */
export function createNdjsonDecoder(receiver: Receiver, options: NdjsonDecoderOptions = {}): NdjsonDecoder {
  const {maxMessageBytes = MAX_MESSAGE_BYTES} = options
  /** The beginning of a line whose end has not come, in a buffer that is doubled when it is full. */
  let held: Buffer = NOTHING
  /** Bytes of that line, also of one that is too long, of which nothing is held. */
  let heldBytes = 0
  let isFirstLine = true

  function hold(part: Buffer): void {
    const start = heldBytes
    heldBytes += part.length
    if (heldBytes > maxMessageBytes) held = NOTHING
    else {
      if (heldBytes > held.length)
        held = grow(held, start, Math.max(heldBytes, Math.min(held.length * 2, maxMessageBytes)))
      part.copy(held, start)
    }
  }

  function takeHeld(ifNotJson: Noise['kind']): void {
    const bytes = heldBytes
    heldBytes = 0
    if (bytes > maxMessageBytes) reportNoise('line-too-long', bytes)
    else {
      const kind = decodeLine(held.toString('utf8', 0, bytes))
      if (kind) reportNoise(kind === 'not-json' ? ifNotJson : kind, bytes)
    }
    if (held.length > KEPT_BYTES) held = NOTHING
  }

  /** Whole lines, decoded at once: a line break is never part of another character. */
  function decodeLines(bytes: Buffer): void {
    const lines = bytes.toString().split('\n')
    // Noise is rare. Only for noise it is found out how many bytes its line had, on from the line where it was last.
    const cursor = {line: 0, start: 0}
    for (let index = 0; index < lines.length; index++) {
      const kind = decodeLine(lines[index]!)
      if (kind) reportNoise(kind, bytesOfLine(bytes, index, cursor))
    }
  }

  function decodeLine(line: string): Noise['kind'] | undefined {
    const text = isFirstLine && line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line
    isFirstLine = false
    return text === '' ? undefined : deliverText(text, receiver)
  }

  function reportNoise(kind: Noise['kind'], bytes: number): void {
    receiver.noise?.({kind, bytes})
  }

  return {
    push(chunk) {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      // One by one while a line is held, and where one could be too long.
      while (heldBytes > 0 || bytes.length > maxMessageBytes) {
        const end = bytes.indexOf(LINE_FEED)
        if (end === -1) return hold(bytes)
        hold(bytes.subarray(0, end))
        takeHeld('not-json')
        bytes = bytes.subarray(end + 1)
      }
      const end = bytes.lastIndexOf(LINE_FEED)
      if (end !== -1) decodeLines(bytes.subarray(0, end))
      hold(bytes.subarray(end + 1))
    },
    end() {
      if (heldBytes > 0) takeHeld('incomplete-line')
    },
  }
}

function grow(held: Buffer, used: number, size: number): Buffer {
  const grown = Buffer.allocUnsafeSlow(size)
  held.copy(grown, 0, 0, used)
  return grown
}

/** `cursor` is at the beginning of a line that is not behind this one, and is moved here. */
function bytesOfLine(bytes: Buffer, line: number, cursor: {line: number; start: number}): number {
  for (; cursor.line < line; cursor.line++) cursor.start = bytes.indexOf(LINE_FEED, cursor.start) + 1
  const end = bytes.indexOf(LINE_FEED, cursor.start)
  return (end === -1 ? bytes.length : end) - cursor.start
}
