import {describeParseError, parseEvent, readEnvelope, type EphemeralEvent, type LoggedEvent} from '@holdfast/protocol'

/**
 * Parses an event as a session does. Returns a logged event whose payload does not match its schema with the type `unknown`,
 * so that its `seq` counts and the session continues. Returns `undefined` for a value that is no event. `onWarning` gets a
 * message about both.
 */
export function readEvent(
  wire: unknown,
  onWarning: (message: string) => void,
): LoggedEvent | EphemeralEvent | undefined {
  try {
    return parseEvent(wire)
  } catch (error) {
    const envelope = readEnvelope(wire)
    const which = envelope === undefined ? 'An event of the gateway' : `Event ${envelope.seq} (\`${envelope.type}\`)`
    onWarning(`${which} cannot be read: ${describeParseError(error)}`)
    if (envelope === undefined) return undefined
    const {session_id, seq, at} = envelope
    return {type: 'unknown', session_id, seq, at}
  }
}
