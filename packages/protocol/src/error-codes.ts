/** The error codes of gateway and host, beside those of JSON-RPC itself. */
export const errorCodes = {
  /** No session has this id. */
  sessionNotFound: 4001,
  /** The session is closed. `session.events` still reads its log. */
  sessionClosed: 4003,
  /** The agent does not ask this question, or no longer. */
  approvalNotFound: 4004,
  /** Another client answered the question with another choice. */
  alreadyAnswered: 4005,
  /** More than the bound that the message names. */
  tooLarge: 4006,
  /** Client, gateway and host speak protocol versions that do not overlap. */
  protocolMismatch: 4007,
  /** Not in the present state of the session: no program runs that could take input, or the prompt queue is full. */
  notAllowed: 4008,
  /** The text may be a secret: while it was typed, the terminal of the running program may have shown nothing. */
  maybeSecret: 4010,
  /** The running program reads something else by now than the client believed. */
  inputChanged: 4011,
  /** The first folder of a session is none, or cannot be opened. */
  folderNotFound: 4012,
  /** The client may only look: its credential is read-only. */
  readOnly: 4013,
  /** Events that this client has seen are not in the log of the session, which went on without them: open it again. */
  otherEvents: 4014,
  /** As many peers, or sessions of one client, as the bound that the message names: end another one first. */
  tooMany: 4009,
  /** The host of the session cannot be reached or started. */
  hostUnavailable: 5001,
  /** The host has it; the cluster of the fleet, which has promised to have it, does not yet. Ask again with the same ids. */
  notReplicated: 5003,
  /** The shell, or another agent, could not be started. */
  agentUnavailable: 5002,
  /** The disk is full. */
  storageFull: 5070,
  /** Storage failed in another way. */
  storageFailed: 5071,
  /** The log is damaged, and could not be repaired. */
  storageDamaged: 5072,
} as const

export type ErrorName = keyof typeof errorCodes
export type ErrorCode = (typeof errorCodes)[ErrorName]

const names = new Map<number, ErrorName>(
  (Object.entries(errorCodes) as [ErrorName, ErrorCode][]).map(([name, code]) => [code, name]),
)

/** The name of an error code; `undefined` for a code that is not in `errorCodes`. */
export function errorName(code: number): ErrorName | undefined {
  return names.get(code)
}
