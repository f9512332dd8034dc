import type {Noise, Receiver} from '@holdfast/rpc'
import {MAX_MESSAGE_BYTES} from './limits.ts'

export interface NdjsonDecoderOptions {
  /** A longer line is skipped and reported as noise. @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
}

export interface NdjsonDecoder {
  /** Takes the next bytes of the stream, which must not change any more, and tells the receiver of each line they end. */
  push(chunk: Uint8Array): void
  /** The stream is over: a last line without a line break is a message if it is whole, else noise. */
  end(): void
}

const LINE_FEED = 10
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Bytes to messages: one JSON object a line, UTF-8. However the bytes are cut into chunks, the messages are the same.
 * Blank lines are nothing, `\r\n` ends a line too, a byte order mark may begin the stream, and invalid UTF-8 becomes
 * U+FFFD. What is no message is reported, and the stream goes on. Never holds more than one line of the allowed length.
 */
export function createNdjsonDecoder(receiver: Receiver, options: NdjsonDecoderOptions = {}): NdjsonDecoder {
  const {maxMessageBytes = MAX_MESSAGE_BYTES} = options
  /** The beginning of a line whose end has not come; empty once the line is too long. Joined once, when it is whole. */
  let held: Buffer[] = []
  let heldBytes = 0
  let isFirstLine = true

  function hold(part: Buffer): void {
    heldBytes += part.length
    if (heldBytes > maxMessageBytes) held = []
    else held.push(part)
  }

  function takeLine(end: Noise['kind'] = 'not-json'): void {
    const parts = held
    const bytes = heldBytes
    held = []
    heldBytes = 0
    if (bytes > maxMessageBytes) reportNoise('line-too-long', bytes)
    else decodeLine(Buffer.concat(parts, bytes).toString(), bytes, end)
  }

  function decodeLine(text: string, bytes: number, otherwise: Noise['kind']): void {
    if (isFirstLine && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1)
    isFirstLine = false
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      if (text.trim() !== '') reportNoise(otherwise, bytes)
      return
    }
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) receiver.message(message)
    else reportNoise('not-an-object', bytes)
  }

  function reportNoise(kind: Noise['kind'], bytes: number): void {
    receiver.noise?.({kind, bytes})
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let start = 0
      for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
        if (heldBytes === 0 && end - start <= maxMessageBytes) {
          decodeLine(bytes.toString('utf8', start, end), end - start, 'not-json')
        } else {
          hold(bytes.subarray(start, end))
          takeLine()
        }
        start = end + 1
      }
      if (start < bytes.length) hold(bytes.subarray(start))
    },
    end() {
      if (heldBytes > 0) takeLine('incomplete-line')
    },
  }
}
