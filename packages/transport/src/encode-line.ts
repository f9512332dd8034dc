import {encodeMessage, type JsonRpcMessage, TransportError} from '@holdfast/rpc'
import {MAX_MESSAGE_BYTES} from './limits.ts'

export interface EncodeLineOptions {
  /** @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
}

/**
 * A message as one line of NDJSON, its line break included. Throws `TransportError` with code `unencodable`, or
 * `message-too-large` for what the other end would skip.
 */
export function encodeLine(message: JsonRpcMessage, options: EncodeLineOptions = {}): string {
  const {maxMessageBytes = MAX_MESSAGE_BYTES} = options
  const text = encodeMessage(message)
  // No UTF-16 unit takes more than 3 bytes, so most messages need no counting.
  if (text.length * 3 > maxMessageBytes) {
    const bytes = Buffer.byteLength(text)
    if (bytes > maxMessageBytes) {
      throw new TransportError(
        'message-too-large',
        `Expected a message of at most ${maxMessageBytes} bytes, got ${bytes}`,
      )
    }
  }
  return `${text}\n`
}
