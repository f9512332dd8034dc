import type {Noise} from '@holdfast/rpc'
import type {RawReceiver} from '@holdfast/rpc/raw'

/**
 * Parses a text and delivers the message in it. Returns what kind of noise the text is otherwise; blank text is no noise.
 */
export function deliverText(text: string, receiver: RawReceiver): Extract<Noise['kind'], `not-${string}`> | undefined {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return text.trim() === '' ? undefined : 'not-json'
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return 'not-an-object'
  receiver.message(message, text)
  return undefined
}
