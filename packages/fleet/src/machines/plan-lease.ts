/** What a machine knows of its lease. Times are of a monotonic clock of this machine, ms: the clocks of others do not matter. */
export interface LeaseFacts {
  /** When the last renewal that succeeded was sent. The server counts from later. */
  renewedAt: number
  /** How long the lease lasts, ms. */
  leaseMs: number
}

/**
 * What to do about a lease: it is renewed each third of its time. `expired`: others may take the sessions of this machine over.
 * They need not have done so: the cluster decides that, session by session.
 */
export function planLease(
  {renewedAt, leaseMs}: LeaseFacts,
  now: number,
): {kind: 'wait'; ms: number} | {kind: 'renew'} | {kind: 'expired'} {
  const age = now - renewedAt
  if (age >= leaseMs) return {kind: 'expired'}
  return age < leaseMs / 3 ? {kind: 'wait', ms: leaseMs / 3 - age} : {kind: 'renew'}
}
