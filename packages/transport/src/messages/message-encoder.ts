import {encodeMessage, type JsonRpcMessage, TransportError} from '@holdfast/rpc'
import {MAX_MESSAGE_BYTES} from './limits.ts'

export interface MessageEncoderOptions {
  /** @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
}

export interface MessageEncoder {
  /**
   * Encodes a message as JSON without a line break. Throws `TransportError` with code `unencodable`, or `message-too-large`
   * beyond `maxMessageBytes`. `knownText`: the message as JSON, if the caller has it already.
   */
  encode(message: JsonRpcMessage, knownText?: string): string
  /** Lone surrogates in encoded messages, each replaced by U+FFFD. */
  readonly replaced: number
}

/** Encodes messages before they are queued, so that one that cannot be sent fails its own `write`. */
export function createMessageEncoder(options: MessageEncoderOptions = {}): MessageEncoder {
  const {maxMessageBytes = MAX_MESSAGE_BYTES} = options
  let replaced = 0
  const countReplaced = (count: number) => void (replaced += count)
  return {
    encode(message, knownText) {
      const text = knownText ?? encodeMessage(message, countReplaced)
      // A UTF-16 unit takes 3 bytes at most, so most messages need no counting.
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
  throw new TransportError(
    'message-too-large',
    `The message has ${bytes} bytes, and the limit is ${maxMessageBytes}: split it, or raise \`maxMessageBytes\` at both ends`,
  )
}
