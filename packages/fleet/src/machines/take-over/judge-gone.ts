/**
 * What this machine has seen of the others since it took its lease. An outage that could make it wrong also ends the lease. Times are
 * of one monotonic clock of this machine, ms.
 */
export interface Sightings {
  /** When the cluster last did not answer, or this machine took its lease. */
  disturbedAt: number
  /** Since when machines have no lease. */
  missingSince: ReadonlyMap<string, number>
}

/** For a machine that has just taken its lease. */
export function beginSightings(now: number): Sightings {
  return {disturbedAt: now, missingSince: new Map()}
}

/** Takes in the machines that hold sessions and were not in a list of leases. */
export function notice({disturbedAt, missingSince}: Sightings, missing: readonly string[], now: number): Sightings {
  return {disturbedAt, missingSince: new Map(missing.map((name) => [name, missingSince.get(name) ?? now]))}
}

/**
 * When the sessions of a machine may be taken over; `undefined`: it has a lease. At once, if the cluster has answered for a whole
 * lease before. Otherwise its lease may have run out because the cluster was away: then it gets the time of one more lease to
 * come back.
 */
export function goneAt({disturbedAt, missingSince}: Sightings, machine: string, leaseMs: number): number | undefined {
  const since = missingSince.get(machine)
  if (since === undefined) return undefined
  return since - disturbedAt >= leaseMs ? since : since + leaseMs
}
