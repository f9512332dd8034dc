import type {Noise, Receiver} from '@holdfast/rpc'
import {deliverText} from '../messages/deliver-text.ts'
import {MAX_MESSAGE_BYTES} from '../messages/limits.ts'

export interface NdjsonDecoderOptions {
  /** Longer lines are skipped and reported as noise. @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
  /** Called after a `push` that changes how many bytes of an incomplete line are buffered. @default nothing is called */
  onBuffered?: ((bytes: number) => void) | undefined
}

export interface NdjsonDecoder {
  /** Takes the next bytes of the stream, and delivers the lines that they complete. */
  push(chunk: Uint8Array): void
  /** The stream has ended: delivers a last line without a line break if it is a message, and reports it as noise if not. */
  end(): void
}

const LINE_FEED = 10
const BYTE_ORDER_MARK = '\ufeff'
const NOTHING = Buffer.alloc(0)
/** A line buffer of up to this size, bytes, is used again; most lines fit into it. */
const KEPT_BYTES = 64 * 1024

/**
 * Decodes newline-delimited JSON: one object per line, in UTF-8. The chunks may be cut anywhere. Lines may end with
 * `\r\n`, blank lines are ignored, a byte order mark may begin the stream, and invalid UTF-8 becomes U+FFFD. Other lines
 * that are not a JSON object are reported as noise. Buffers one line at most, up to `maxMessageBytes`.
 */
export function createNdjsonDecoder(receiver: Receiver, options: NdjsonDecoderOptions = {}): NdjsonDecoder {
  const {maxMessageBytes = MAX_MESSAGE_BYTES, onBuffered} = options
  /** The beginning of an incomplete line, in a buffer that doubles when it is full. */
  let buffer: Buffer = NOTHING
  /** Length of that line so far, also if it is too long and nothing of it is buffered. */
  let lineBytes = 0
  let isFirstLine = true
  let reportedBytes = 0

  function append(part: Buffer): void {
    const start = lineBytes
    lineBytes += part.length
    if (lineBytes > maxMessageBytes) buffer = NOTHING
    else {
      if (lineBytes > buffer.length)
        buffer = grow(buffer, start, Math.max(lineBytes, Math.min(buffer.length * 2, maxMessageBytes)))
      part.copy(buffer, start)
    }
  }

  function endLine(ifNotJson: Noise['kind']): void {
    const bytes = lineBytes
    lineBytes = 0
    if (bytes > maxMessageBytes) reportNoise('line-too-long', bytes)
    else {
      const kind = decodeLine(buffer.toString('utf8', 0, bytes))
      if (kind) reportNoise(kind === 'not-json' ? ifNotJson : kind, bytes)
    }
    if (buffer.length > KEPT_BYTES) buffer = NOTHING
  }

  /**
   * Decodes complete lines together: in UTF-8, the byte of a line break is never part of another character. Parses them one by
   * one: in one JSON array, two broken lines could make a message together.
   */
  function decodeLines(bytes: Buffer): void {
    const lines = bytes.toString().split('\n')
    // Noise is rare: only then the bytes of the line are counted, from where they were counted last.
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

  function reportBuffered(): void {
    // The buffer is larger than the line, up to twice as large.
    const bytes = lineBytes === 0 ? 0 : buffer.length
    if (bytes === reportedBytes) return
    reportedBytes = bytes
    onBuffered?.(bytes)
  }

  function take(chunk: Uint8Array): void {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    // Line by line while a line is buffered, and where one may be too long.
    while (lineBytes > 0 || bytes.length > maxMessageBytes) {
      const end = bytes.indexOf(LINE_FEED)
      if (end === -1) return append(bytes)
      append(bytes.subarray(0, end))
      endLine('not-json')
      bytes = bytes.subarray(end + 1)
    }
    const end = bytes.lastIndexOf(LINE_FEED)
    if (end !== -1) decodeLines(bytes.subarray(0, end))
    append(bytes.subarray(end + 1))
  }

  return {
    push(chunk) {
      take(chunk)
      reportBuffered()
    },
    end() {
      if (lineBytes > 0) endLine('incomplete-line')
    },
  }
}

function grow(buffer: Buffer, used: number, size: number): Buffer {
  const grown = Buffer.allocUnsafeSlow(size)
  buffer.copy(grown, 0, 0, used)
  return grown
}

/** `cursor` stands at the beginning of this line or an earlier one, and moves to this line. */
function bytesOfLine(bytes: Buffer, line: number, cursor: {line: number; start: number}): number {
  for (; cursor.line < line; cursor.line++) cursor.start = bytes.indexOf(LINE_FEED, cursor.start) + 1
  const end = bytes.indexOf(LINE_FEED, cursor.start)
  return (end === -1 ? bytes.length : end) - cursor.start
}
