import {isRpcError} from './rpc-error.ts'
import type {CloseReason} from '../transport/transport.ts'

// In the registry of symbols, so that two installed copies of this package know each other's errors.
const brand = Symbol.for('@holdfast/rpc/PeerGoneError')

/** How many errors `isPeerGone` looks at before it says no. */
const MAX_ERRORS = 100

/** The other end is gone, or we closed: no answer will come. `reason` says why, as far as it is known. */
export class PeerGoneError extends Error {
  override name = 'PeerGoneError'
  readonly code = 'peer-gone'
  readonly [brand] = true
  readonly reason: CloseReason

  constructor(reason: CloseReason, options?: ErrorOptions) {
    super(messageFor(reason), options)
    this.reason = reason
  }
}

/** What is known of the death now. Whoever has the error already sees it too. */
export function learnReason(error: PeerGoneError, reason: CloseReason): void {
  Object.assign(error, {reason, message: messageFor(reason)})
}

function messageFor(reason: CloseReason): string {
  return `The peer is gone: ${reason.message}`
}

/**
 * Whether this error says that the peer is gone: itself, through its `cause`s, or as one of an `AggregateError`.
 * Never for an error that the peer answered with, whatever that was caused by. Looks at 100 errors at most.
 */
export function isPeerGone(error: unknown): boolean {
  const seen = new Set<unknown>([error])
  for (const each of seen) {
    if (typeof each !== 'object' || each === null || isRpcError(each)) continue
    if (brand in each) return true
    const {cause, errors} = each as {cause?: unknown; errors?: unknown}
    // A set visits what is added while it is walked, and each thing once: a cycle ends.
    for (const next of [cause, ...(Array.isArray(errors) ? errors : [])]) {
      if (seen.size < MAX_ERRORS) seen.add(next)
    }
  }
  return false
}
