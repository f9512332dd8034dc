import {errorCodes} from '@holdfast/protocol'
import {isRpcError, type CloseReason} from '@holdfast/rpc'

import {SessionAwayError} from '../hosts/session-away.ts'

const permanentErrors: ReadonlySet<number> = new Set([
  errorCodes.sessionNotFound,
  errorCodes.sessionClosed,
  errorCodes.protocolMismatch,
  errorCodes.readOnly,
  errorCodes.otherEvents,
])

/** Another host would return the error, too. */
export function isPermanent(error: unknown): boolean {
  return isRpcError(error) && permanentErrors.has(error.code)
}

/** The machine of the session is away. */
export function isAway(error: unknown): boolean {
  return error instanceof SessionAwayError
}

/** A host that is about to end rejects requests; the next host accepts them. */
export function isAboutToEnd(error: unknown): boolean {
  return isRpcError(error) && error.code === errorCodes.hostUnavailable
}

/** The client may only look, so that the gateway starts no host for it. */
export function isReadOnly(error: unknown): boolean {
  return isRpcError(error) && error.code === errorCodes.readOnly
}

export function goneError(end: CloseReason | undefined): Error {
  return new Error(end?.message ?? 'it has exited')
}
