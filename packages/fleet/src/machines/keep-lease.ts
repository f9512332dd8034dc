import {setTimeout as delay} from 'node:timers/promises'

import {FleetError, isFleetError} from '../fleet-error.ts'
import {retryDelayMs} from '../ship/plan-shipping.ts'
import type {Machine} from './choose-machine.ts'
import type {MachineLease, MachineLeases} from './machine-leases.ts'
import {planLease} from './plan-lease.ts'

export interface LeaseEvents {
  onTaken(): void
  /** It has run out, or is another process's now. */
  onLost(): void
  /** The cluster does not answer. It goes on. */
  onFailure(error: FleetError): void
}

/** The lease of this machine, which is renewed. */
export interface KeptLease {
  readonly isHeld: boolean
  /** Renews it now, with these settings. Throws a `FleetError`. */
  change(machine: Machine): Promise<void>
  /** Ends the renewing. `release`: others take the sessions over at once. Otherwise the lease runs out. */
  close(options?: {release?: boolean}): Promise<void>
  /** Rejects with `name-taken` once another process has the name of this machine. */
  readonly failed: Promise<never>
}

/**
 * Takes the lease of a machine, and renews it until it is closed; one that has run out is taken again. Throws a `FleetError`, `name-taken`
 * if another process has the name.
 */
export async function keepLease(
  leases: MachineLeases,
  first: Machine,
  {replaces, events}: {replaces?: string | undefined; events: LeaseEvents},
): Promise<KeptLease> {
  const {leaseMs} = leases
  const ending = new AbortController()
  const {promise: failed, reject: fail} = Promise.withResolvers<never>()
  failed.catch(() => {})
  let machine = first
  let lease: MachineLease | undefined
  let renewedAt = 0
  /** One request at a time: each needs the revision of the one before. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  const take = async (options?: {replaces?: string | undefined}) => {
    const sentAt = performance.now()
    const taken = await leases.take(machine, options)
    if (taken.kind === 'held') throw nameTaken(machine.name)
    lease = taken.lease
    renewedAt = sentAt
    events.onTaken()
  }
  const lose = () => {
    if (lease === undefined) return
    lease = undefined
    events.onLost()
  }
  const renew = async () => {
    if (lease === undefined) return take()
    const sentAt = performance.now()
    const renewed = await leases.renew(lease, machine)
    if (renewed.kind === 'renewed') {
      lease = renewed.lease
      renewedAt = sentAt
      return
    }
    // Perhaps it was renewed, and the answer was lost: then `take` finds this process.
    lose()
    await take()
  }

  await take({replaces})

  const run = async () => {
    for (let failures = 0; !ending.signal.aborted;) {
      const plan = lease === undefined ? {kind: 'expired' as const} : planLease({renewedAt, leaseMs}, performance.now())
      if (plan.kind === 'wait') {
        await delay(plan.ms, undefined, {signal: ending.signal}).catch(() => {})
        continue
      }
      if (plan.kind === 'expired') lose()
      try {
        await inTurn(renew)
        failures = 0
      } catch (error) {
        if (ending.signal.aborted) return
        if (!isFleetError(error) || error.code === 'closed' || error.code === 'name-taken') {
          lose()
          return fail(error)
        }
        failures++
        events.onFailure(error)
        const pause = Math.min(retryDelayMs(failures, Math.random()), leaseMs / 6)
        await delay(pause, undefined, {signal: ending.signal}).catch(() => {})
      }
    }
  }
  const done = run()

  return {
    failed,
    get isHeld() {
      return lease !== undefined
    },
    async change(next) {
      machine = next
      await inTurn(renew)
    },
    async close({release = false} = {}) {
      ending.abort()
      await done
      await turn
      if (release && lease !== undefined) await leases.release(lease)
      lease = undefined
    },
  }
}

function nameTaken(name: string): FleetError {
  return new FleetError(
    'name-taken',
    `Another process of the fleet has the name ${name}: give each machine a name of its own`,
  )
}
