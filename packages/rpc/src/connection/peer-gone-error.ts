import type {CloseReason} from '../transport/transport.ts'
import {hasBrand} from '../errors/has-brand.ts'
import {isRpcError} from '../errors/rpc-error.ts'

const brand = Symbol.for('holdfast.PeerGoneError')

/** The connection is closed, by either side: no answer will come. */
export class PeerGoneError extends Error {
  override name = 'PeerGoneError'
  readonly [brand] = true
  readonly code = 'peer-gone'
  readonly reason: CloseReason

  constructor(reason: CloseReason, options?: ErrorOptions) {
    super(messageFor(reason), options)
    this.reason = reason
  }
}

/** Gives an error that was thrown already a reason that became known later. */
export function updateReason(error: PeerGoneError, reason: CloseReason): void {
  Object.assign(error, {reason, message: messageFor(reason)})
}

function messageFor(reason: CloseReason): string {
  return `The peer is gone: ${reason.message}`
}

/** Bounds the search through causes. */
const MAX_ERRORS = 100

/**
 * The `PeerGoneError` behind an error: the error itself, one of its `cause`s, or a member of an `AggregateError`. Never
 * looks behind an `RpcError`: that is the answer of a living peer. Looks at 100 errors at most.
 */
export function findPeerGone(error: unknown): PeerGoneError | undefined {
  const seen = new Set<unknown>([error])
  // A set visits the members that are added during the loop, and each of them once: a cycle ends.
  for (const each of seen) {
    if (typeof each !== 'object' || each === null || isRpcError(each)) continue
    if (hasBrand(each, brand)) return each as PeerGoneError
    const {cause, errors} = each as {cause?: unknown; errors?: unknown}
    for (const next of [cause, ...(Array.isArray(errors) ? errors : [])]) {
      if (seen.size < MAX_ERRORS) seen.add(next)
    }
  }
  return undefined
}

/** Whether `findPeerGone` finds one. */
export function isPeerGone(error: unknown): boolean {
  return findPeerGone(error) !== undefined
}
