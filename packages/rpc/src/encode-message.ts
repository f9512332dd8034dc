import {messageOf} from './message-of.ts'
import {TransportError} from './transport-error.ts'
import type {JsonRpcMessage} from './transport.ts'

/** A message as JSON text on one line. Throws `TransportError` with code `unencodable` for a cycle, a BigInt, or a `toJSON` that throws. */
export function encodeMessage(message: JsonRpcMessage): string {
  let text: string | undefined
  try {
    text = JSON.stringify(message)
  } catch (cause) {
    throw new TransportError('unencodable', `Expected a message that JSON can carry, got \`${messageOf(cause)}\``, {
      cause,
    })
  }
  if (text === undefined) throw new TransportError('unencodable', 'Expected a message that JSON can carry, got none')
  return text
}
