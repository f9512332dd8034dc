/** The error codes of the gateway and the host beside JSON-RPC's own: one name a number, both ways. */
export const errorCodes = {
  sessionNotFound: 4001,
  sessionClosed: 4003,
  approvalNotFound: 4004,
  alreadyAnswered: 4005,
  tooLarge: 4006,
  protocolMismatch: 4007,
  notAllowed: 4008,
  hostUnavailable: 5001,
  agentUnavailable: 5002,
  storageFull: 5070,
  storageFailed: 5071,
  storageDamaged: 5072,
} as const

export type ErrorName = keyof typeof errorCodes
export type ErrorCode = (typeof errorCodes)[ErrorName]

const names = new Map<number, ErrorName>(
  (Object.entries(errorCodes) as [ErrorName, ErrorCode][]).map(([name, code]) => [code, name]),
)

/** The name of a code, `undefined` for a code that is not ours. */
export function errorName(code: number): ErrorName | undefined {
  return names.get(code)
}
