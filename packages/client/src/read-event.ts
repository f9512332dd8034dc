import {describeParseError, parseEvent, readEnvelope} from '@holdfast/protocol'
import type {EphemeralEvent, SessionEvent, UnknownEvent} from '@holdfast/protocol'

/**
 * Reads an event where it enters the process. A logged one whose content does not fit is one of an unknown type: its seq
 * is used up, whatever it says, and the session goes on. `undefined` for what is no event. Both are told to `onWarning`.
 */
export function readEvent(
  wire: unknown,
  onWarning: (message: string) => void,
): SessionEvent | EphemeralEvent | UnknownEvent | undefined {
  try {
    return parseEvent(wire)
  } catch (error) {
    const envelope = readEnvelope(wire)
    const which = envelope === undefined ? 'An event of the gateway' : `Event ${envelope.seq} (\`${envelope.type}\`)`
    onWarning(`${which} does not fit: ${describeParseError(error)}`)
    if (envelope === undefined) return undefined
    const {session_id, seq, at} = envelope
    return {type: 'unknown', session_id, seq, at}
  }
}
