import {messageOf} from '../errors/message-of.ts'
import {TransportError} from '../errors/transport-error.ts'
import type {JsonRpcMessage} from './transport.ts'

/**
 * Encodes a message as JSON on one line. Replaces lone surrogates, which UTF-8 cannot carry, by U+FFFD and passes their
 * number to `onReplaced`. Throws `TransportError` with code `unencodable` for a cycle, a BigInt, or a `toJSON` that throws.
 */
export function encodeMessage(message: JsonRpcMessage, onReplaced?: (count: number) => void): string {
  let text: string | undefined
  try {
    text = JSON.stringify(message)
  } catch (cause) {
    throw new TransportError('unencodable', `The message cannot be encoded as JSON: ${messageOf(cause)}`, {cause})
  }
  if (text === undefined)
    throw new TransportError('unencodable', 'The message cannot be encoded as JSON: it is undefined')
  // Searching for one character is much faster than for three, and most texts do not contain it.
  if (text.includes('\\') && text.includes(ESCAPED_SURROGATE)) return replaceSurrogates(text, onReplaced)
  return text
}

/** `JSON.stringify` escapes only lone surrogates. The same characters within a string have another backslash before them. */
const ESCAPED_SURROGATE = '\\ud'

function replaceSurrogates(text: string, onReplaced?: (count: number) => void): string {
  let count = 0
  const replaced = text.replace(/\\(ud[89a-f]..|.)/g, (escape, escaped: string) => {
    if (escaped.length === 1) return escape
    count++
    return '\ufffd'
  })
  if (count > 0) onReplaced?.(count)
  return replaced
}
