import {DeliverPolicy, JetStreamApiCodes, JetStreamApiError} from '@nats-io/jetstream'
import {Kvm, type KV} from '@nats-io/kv'
import * as z from 'zod'

import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {readStored} from '../stream/read-stored.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import type {Machine} from './choose-machine.ts'
import {eachOf} from './each-of.ts'
import {isMachineName, requireMachineName} from './machine-name.ts'

export interface LeaseOptions {
  /** For a new fleet: how long a lease lasts, ms. @default 10_000 */
  leaseMs?: number
  /** For a new fleet: how many servers have the leases. @default 3 */
  replicas?: number
}

/** A lease of this machine. */
export interface MachineLease {
  readonly machine: Machine
  /** For the next renewal. */
  readonly revision: number
}

/** The leases of all machines of a fleet. All calls throw `FleetError`; `take` throws a `RangeError` for a name that cannot be a key. */
export interface MachineLeases {
  /** How long a lease lasts, ms. */
  readonly leaseMs: number
  /**
   * Takes a lease; `held` by another process with the name of this machine. One that has the same `instance`, or the one that
   * it `replaces`, is taken over at once: this machine has it, or had it before it started again.
   */
  take(
    machine: Machine,
    options?: {replaces?: string | undefined},
  ): Promise<{kind: 'taken'; lease: MachineLease} | {kind: 'held'; by: Machine}>
  /** Renews a lease, with new labels if they changed; `lost` if it has run out: take a new one. */
  renew(lease: MachineLease, machine?: Machine): Promise<{kind: 'renewed'; lease: MachineLease} | {kind: 'lost'}>
  /** Gives a lease up: others take the sessions over at once. */
  release(lease: MachineLease): Promise<void>
  /** The machines that have a lease. */
  list(options?: ListLeasesOptions): Promise<Machine[]>
}

export interface ListLeasesOptions {
  /**
   * Names of machines that may have a lease. A list may come from a replica that lags, and miss leases that are renewed while it is read:
   * so the leader is asked for each of these names that is not in the list. @default none
   */
  known?: Iterable<string>
  /**
   * Called for a lease that cannot be read, as a newer version may have written it. It is that of a machine that lives and accepts
   * nothing.
   */
  onUnreadable?: (machine: string, error: FleetError) => void
}

/** Leases that are asked for at a time. */
const askedAtOnce = 16

const machineSchema = z.object({
  name: z.string(),
  instance: z.string(),
  labels: z.array(z.string()),
  accepts: z.boolean(),
})

/** Opens the leases of a fleet: a bucket of the key-value store, from which the servers remove what is not renewed. */
export async function openMachineLeases(fleet: Fleet, options: LeaseOptions = {}): Promise<MachineLeases> {
  const {leaseMs = 10_000, replicas = 3} = options
  return guard(async () => {
    const bucketName = `holdfast-${fleet.name}-machines`
    const bucket = await new Kvm(natsOf(fleet).jetstream).create(bucketName, {
      ttl: leaseMs,
      history: 1,
      replicas,
      // The answer of a server that is behind would show a lease that has run out.
      allow_direct: false,
    })
    const {ttl} = await bucket.status()
    return createLeases(fleet, {bucket, bucketName, leaseMs: ttl})
  })
}

function createLeases(
  fleet: Fleet,
  {bucket, bucketName, leaseMs}: {bucket: KV; bucketName: string; leaseMs: number},
): MachineLeases {
  const readEntry = async (name: string) => {
    const entry = await bucket.get(name)
    return entry === null || entry.operation !== 'PUT' ? undefined : entry
  }
  const readLease = async (name: string): Promise<MachineLease | undefined> => {
    const entry = await readEntry(name)
    return entry && {machine: parseMachine(entry.string()), revision: entry.revision}
  }
  return {
    leaseMs,
    async take(machine, {replaces} = {}) {
      const {name} = machine
      requireMachineName(name)
      const content = JSON.stringify(machine)
      return guard(async () => {
        for (;;) {
          const created = await unlessRefused(bucket.create(name, content))
          if (created !== undefined) return {kind: 'taken', lease: {machine, revision: created}}
          const found = await readLease(name)
          // It may have run out just now.
          if (found === undefined) continue
          const {machine: by, revision} = found
          if (by.instance !== machine.instance && by.instance !== replaces) return {kind: 'held', by}
          const updated = await unlessRefused(bucket.update(name, content, revision))
          if (updated !== undefined) return {kind: 'taken', lease: {machine, revision: updated}}
        }
      })
    },
    renew: (lease, machine = lease.machine) =>
      guard(async () => {
        const revision = await unlessRefused(bucket.update(machine.name, JSON.stringify(machine), lease.revision))
        return revision === undefined ? {kind: 'lost'} : {kind: 'renewed', lease: {machine, revision}}
      }),
    release: (lease) =>
      guard(async () => {
        await unlessRefused(bucket.delete(lease.machine.name, {previousSeq: lease.revision}))
      }),
    list: ({known = [], onUnreadable} = {}) =>
      guard(async () => {
        const machines = new Map<string, Machine>()
        const add = (name: string, json: string) => {
          try {
            machines.set(name, parseMachine(json))
          } catch (error) {
            machines.set(name, {name, instance: '', labels: [], accepts: false})
            onUnreadable?.(name, error as FleetError)
          }
        }
        const prefix = `$KV.${bucketName}.`
        const all = {subject: `${prefix}>`, policy: DeliverPolicy.LastPerSubject}
        for await (const {subject, headers, data} of readStored(fleet, `KV_${bucketName}`, all)) {
          const name = subject.slice(prefix.length)
          // A key that is no name is of no machine: somebody else wrote it.
          if (!isMachineName(name)) continue
          // One that is renewed meanwhile comes twice. A lease that was released is marked so.
          if (headers?.has('KV-Operation')) machines.delete(name)
          else add(name, new TextDecoder().decode(data))
        }
        const lacking = [...new Set(known)].filter((name) => isMachineName(name) && !machines.has(name))
        await eachOf(lacking, askedAtOnce, async (name) => {
          const entry = await readEntry(name)
          if (entry !== undefined) add(name, entry.string())
        })
        return [...machines.values()]
      }),
  }
}

async function guard<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call()
  } catch (error) {
    throw toFleetError(error)
  }
}

/** `undefined` if another revision is in its place. */
async function unlessRefused<Value>(call: Promise<Value>): Promise<Value | undefined> {
  try {
    return await call
  } catch (error) {
    const isRefused = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence
    if (isRefused) return undefined
    throw error
  }
}

function parseMachine(json: string): Machine {
  try {
    return machineSchema.parse(JSON.parse(json))
  } catch (error) {
    throw new FleetError('unreadable', 'The lease of a machine is not one that this version of Holdfast can read', {
      cause: error,
    })
  }
}
