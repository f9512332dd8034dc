import {encodeMessage, type JsonRpcMessage, TransportError} from '@holdfast/rpc'
import {MAX_MESSAGE_BYTES} from './limits.ts'

export interface MessageEncoderOptions {
  /** @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
}

export interface MessageEncoder {
  /**
   * A message as JSON text without a line break. Throws `TransportError` with code `unencodable`, or `message-too-large`
   * for what the other end would not take. `known`: its text, made before.
   */
  encode(message: JsonRpcMessage, known?: string): string
  /** Lone surrogates that were replaced by U+FFFD. */
  readonly replaced: number
}

/** Messages to text, before they come to any queue: what cannot be sent fails its own call. */
export function createMessageEncoder(options: MessageEncoderOptions = {}): MessageEncoder {
  const {maxMessageBytes = MAX_MESSAGE_BYTES} = options
  let replaced = 0
  const countReplaced = (count: number) => void (replaced += count)
  return {
    encode(message, known) {
      const text = known ?? encodeMessage(message, countReplaced)
      // No UTF-16 unit takes more than 3 bytes, so most messages need no counting.
      if (text.length * 3 > maxMessageBytes) assertSize(text, maxMessageBytes)
      return text
    },
    get replaced() {
      return replaced
    },
  }
}

function assertSize(text: string, maxMessageBytes: number): void {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxMessageBytes) return
  throw new TransportError('message-too-large', `Expected a message of at most ${maxMessageBytes} bytes, got ${bytes}`)
}
