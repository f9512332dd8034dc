/** The protocol version of this package. It increases with each change that an older peer would misread. */
export const protocolVersion = 2

/** The oldest protocol version that this package still understands. */
export const oldestProtocolVersion = 2

/** Whether this package understands a peer that speaks `version`. */
export function isProtocolSupported(version: number): boolean {
  return Number.isInteger(version) && version >= oldestProtocolVersion && version <= protocolVersion
}
