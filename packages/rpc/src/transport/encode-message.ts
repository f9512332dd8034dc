import {messageOf} from '../errors/message-of.ts'
import {TransportError} from '../errors/transport-error.ts'
import type {JsonRpcMessage} from './transport.ts'

/**
 * A message as JSON text on one line. Throws `TransportError` with code `unencodable` for a cycle, a BigInt, or a `toJSON`
 * that throws. Lone surrogates, which UTF-8 cannot carry, become U+FFFD; `onReplaced` is told how many.
 */
export function encodeMessage(message: JsonRpcMessage, onReplaced?: (count: number) => void): string {
  let text: string | undefined
  try {
    text = JSON.stringify(message)
  } catch (cause) {
    throw new TransportError('unencodable', `Expected a message that JSON can carry, got \`${messageOf(cause)}\``, {
      cause,
    })
  }
  if (text === undefined) throw new TransportError('unencodable', 'Expected a message that JSON can carry, got none')
  // One character is found much faster than three, and most texts have none.
  if (text.includes('\\') && text.includes(ESCAPED_SURROGATE)) return replaceSurrogates(text, onReplaced)
  return text
}

/** `JSON.stringify` escapes a surrogate only when it is alone. The same characters in a text have one more backslash. */
const ESCAPED_SURROGATE = '\\ud'

function replaceSurrogates(text: string, onReplaced?: (count: number) => void): string {
  let count = 0
  const replaced = text.replace(/\\(ud[89a-f]..|.)/g, (escape, what: string) => {
    if (what.length === 1) return escape
    count++
    return '\ufffd'
  })
  if (count > 0) onReplaced?.(count)
  return replaced
}
