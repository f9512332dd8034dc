import type {Noise, Receiver} from '@holdfast/rpc'

/**
 * Tells the receiver of the message in a text. Returns what the text is instead, for the caller to report: it knows how
 * many bytes there were. Blank text is nothing.
 */
export function deliverText(text: string, receiver: Receiver): Extract<Noise['kind'], `not-${string}`> | undefined {
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
