import {parseEvent} from './events.ts'
import {isProtocolSupported, oldestProtocolVersion, protocolVersion} from './protocol-version.ts'

/** How long to wait for the greeting of a server that took the connection, ms. */
export const greetingTimeoutMs = 5000

/** What is wrong with the first thing that a server said, in a sentence; `undefined` for a greeting that fits. */
export function greetingProblem(params: unknown): string | undefined {
  let event
  try {
    event = parseEvent(params)
  } catch {
    return 'Expected the greeting `gateway.ready` first, got something that is no event'
  }
  if (event.type !== 'gateway.ready') return `Expected the greeting \`gateway.ready\` first, got \`${event.type}\``
  const {protocol, version} = event.payload
  if (isProtocolSupported(protocol)) return undefined
  return (
    `Expected protocol ${oldestProtocolVersion} to ${protocolVersion}, the other side (version ${version}) speaks ` +
    `${protocol}: update the older of the two`
  )
}
