import type {Noise, Receiver} from '@holdfast/rpc'

/** Tells the receiver of the message in a text, or of the noise; blank text is nothing. `bytesOf` is asked for noise only. */
export function deliverText(text: string, receiver: Receiver, broken: Noise['kind'], bytesOf: () => number): void {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    if (text.trim() !== '') receiver.noise?.({kind: broken, bytes: bytesOf()})
    return
  }
  if (typeof message === 'object' && message !== null && !Array.isArray(message)) receiver.message(message)
  else receiver.noise?.({kind: 'not-an-object', bytes: bytesOf()})
}
