import {errorCodes, type ErrorCode} from './error-codes.ts'
import {type EphemeralEvent, type Greeting, readEphemeralEvent} from './ephemeral-events.ts'
import {parseEvent} from './parse-event.ts'
import {versionProblem} from './hello.ts'
import {isProtocolSupported} from './protocol-version.ts'

/** How long to wait for the greeting on a connection that the server has accepted, milliseconds. */
export const greetingTimeoutMs = 5000

/** What a server says of itself and of the client, if this message is its greeting. */
export function readGreeting(params: unknown): Greeting | undefined {
  const event = readEphemeralEvent(params)
  return event?.type === 'gateway.ready' ? event.payload : undefined
}

/** Why a server refuses the connection, if this message says so. */
export function readRefusal(params: unknown): {code: number; message: string} | undefined {
  const event = readEphemeralEvent(params)
  return event?.type === 'gateway.refused' ? event.payload : undefined
}

/**
 * What a server sends that does not serve the client: it has no room, or the client speaks another protocol version. It then
 * closes the connection.
 */
export function refusal(message: string, code: ErrorCode = errorCodes.tooMany) {
  const event: EphemeralEvent = {type: 'gateway.refused', payload: {code, message}}
  return {jsonrpc: '2.0', method: 'event', params: event} as const
}

/** What is wrong with the first message of a server, in a sentence; `undefined` where it is a greeting that fits. */
export function greetingProblem(params: unknown): string | undefined {
  let event
  try {
    event = parseEvent(params)
  } catch {
    return missingGreeting('the first message is not an event')
  }
  if (event.type !== 'gateway.ready') return missingGreeting(`the first event is \`${event.type}\``)
  return isProtocolSupported(event.payload.protocol) ? undefined : versionProblem('peer', event.payload)
}

function missingGreeting(found: string): string {
  return `The greeting \`gateway.ready\` is missing, ${found}: check that the peer is a Holdfast gateway or host`
}
