/** The version of the protocol that this code speaks. It grows with each change that an older peer would misread. */
export const protocolVersion = 2

/** The oldest version that this code still understands. */
export const oldestProtocolVersion = 2

/** Whether a peer that speaks `version` can be understood. */
export function isProtocolSupported(version: number): boolean {
  return Number.isInteger(version) && version >= oldestProtocolVersion && version <= protocolVersion
}
