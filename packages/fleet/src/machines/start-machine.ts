import {rmSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {homePaths, listLogs} from '@holdfast/event-log'

import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import type {HeldSession, Machine} from './choose-machine.ts'
import {createDrain, type Drain} from './moves/drain.ts'
import {beginSightings, goneAt, notice} from './take-over/judge-gone.ts'
import {keepLease} from './keep-lease.ts'
import {listHeldSessions} from './list-held-sessions.ts'
import type {MachineContext, MachineReport, SessionHosts} from './machine-context.ts'
import {openMachineLeases, type LeaseOptions} from './machine-leases.ts'
import {createOrderDesk} from './moves/order-desk.ts'
import {takeOrders} from './moves/orders.ts'
import {hasHeldLog} from './reconcile/has-held-log.ts'
import {isSweepDue, planSweep, type LastSweep} from './take-over/plan-sweep.ts'
import {createSessionFaults} from './take-over/session-faults.ts'
import {sweep} from './take-over/sweep.ts'

export interface MachineOptions extends LeaseOptions {
  name: string
  /** This process, such as a UUID. */
  instance: string
  /** The process that had this home before, and has ended: its lease is taken over at once. */
  replaces?: string | undefined
  /** What this machine has, such as `agent:claude`. */
  labels: readonly string[]
  /** The folder of the sessions of this machine. No other process runs a machine with it. */
  home: string
  hosts: SessionHosts
  /** Called for what happens. */
  onReport: (report: MachineReport) => void
  /**
   * How long to read the log of a session back before the next session gets its turn, ms. The next attempt goes on from there.
   * @default 60_000
   */
  restoreMs?: number
  /** How often to list all sessions, ms, beside the times at which machines come and go. @default 30_000 */
  sweepMs?: number
}

/** A machine of a fleet. */
export interface RunningMachine {
  readonly name: string
  /** It was drained, and holds no open session now. */
  readonly isDrained: boolean
  /** Lists the sessions soon, as after one was deleted. */
  look(): void
  /** Ends. Hosts run on; the lease runs out, except for a machine that was drained, which gives it up. */
  close(): Promise<void>
  /** Rejects with a `FleetError` when the machine cannot go on: another process has its name, or the connection was closed. */
  readonly failed: Promise<never>
}

/**
 * Makes this machine a member of the fleet: it has a lease, takes sessions over from machines that are gone, clears away the logs of
 * those that were taken over from it, and carries orders out. Throws a `FleetError`, `name-taken` if another machine has the
 * name.
 */
export async function startMachine(fleet: Fleet, options: MachineOptions): Promise<RunningMachine> {
  const {name, instance, replaces, labels, home, hosts, onReport, restoreMs = 60_000, sweepMs = 30_000} = options
  const leases = await openMachineLeases(fleet, options)
  const {leaseMs} = leases
  const ending = new AbortController()
  const {signal} = ending
  const report = reportOnce(onReport)
  const context: MachineContext = {fleet, me: name, instance, home, hosts, report, restoreMs, signal}
  const faults = createSessionFaults(report)
  const drain: Drain = createDrain(context, faults.add)
  /** Whether this machine is drained, and how. */
  let draining: {now: boolean} | undefined
  let sightings = beginSightings(performance.now())
  let last: LastSweep | undefined
  /** How often it was asked to list the sessions. */
  let timesAsked = 0
  /** The machines that have open sessions. */
  let holders: readonly string[] = []
  let isAway = false
  let rouse: () => void = () => {}

  const machine = (): Machine => ({name, instance, labels, accepts: draining === undefined})
  const away = (error: FleetError) => {
    sightings = {...sightings, disturbedAt: performance.now()}
    if (!isAway) report({kind: 'cluster-away', error})
    isAway = true
  }
  const answered = () => {
    if (isAway) report({kind: 'cluster-back'})
    isAway = false
  }

  // What an earlier process was reading back.
  rmSync(`${home}/restoring`, {recursive: true, force: true})
  const lease = await keepLease(leases, machine(), {
    replaces,
    events: {
      onTaken() {
        sightings = beginSightings(performance.now())
        last = undefined
        answered()
        report({kind: 'joined', name})
      },
      onLost: () => report({kind: 'lease-lost'}),
      onFailure: away,
    },
  })

  const listMachines = async () =>
    await leases.list({
      known: [...(lease.isHeld ? [name] : []), ...holders, ...(last?.machines ?? []).map((one) => one.name)],
      onUnreadable: (one, error) => report({kind: 'lease-unreadable', machine: one, error}),
    })

  const listSessions = async () => {
    const sessions: HeldSession[] = []
    const unreadable = new Map<string, FleetError>()
    const onUnreadable = (sessionId: string, error: FleetError) => void unreadable.set(sessionId, error)
    for (let shard = 0; shard < fleet.shards; shard++) {
      sessions.push(...(await listHeldSessions(fleet, shard, {onUnreadable})))
    }
    return {sessions, unreadable}
  }

  const look = async () => {
    if (!lease.isHeld) return
    let machines = await listMachines()
    answered()
    const now = performance.now()
    const asked = timesAsked
    const isDue = isSweepDue(last, {machines, now, sweepMs})
    const listed = isDue ? await listSessions() : undefined
    if (listed !== undefined) {
      holders = holdersOf(listed.sessions)
      // A list of leases may lack a machine that it was not asked for.
      if (withoutLease(holders, machines).length > 0) machines = await listMachines()
    }
    const missing = withoutLease(holders, machines)
    sightings = notice(sightings, missing, now)
    if (listed === undefined || !lease.isHeld) return
    const {sessions, unreadable} = listed
    const logs = new Set(listLogs(homePaths(home).sessions).map(({id}) => id))
    const isGone = (one: string) => (goneAt(sightings, one, leaseMs) ?? Infinity) <= now
    const plan = planSweep({me: name, sessions, machines, logs, isGone})
    const named = [plan.take, plan.restore, plan.mine, plan.lost, plan.deleted, draining === undefined ? [] : sessions]
    faults.keepOnly(new Set([...unreadable.keys(), ...named.flat().map(({sessionId}) => sessionId)]))
    for (const [sessionId, error] of unreadable) faults.add(sessionId, error)
    for (const {sessionId, machine: from, needs} of plan.stranded) {
      report({kind: 'stranded', sessionId, machine: from, needs, isEmpty: false})
    }
    const isComplete = await sweep(context, plan, faults)
    if (draining !== undefined) await drain.step(sessions, machines, draining)
    const isOpen = draining !== undefined && drain.progress!.left > 0
    const waits = missing.map((one) => goneAt(sightings, one, leaseMs)!).filter((at) => at > now)
    const dueAt = Math.min(...waits, isComplete && !isOpen ? Infinity : performance.now() + leaseMs / 10)
    // It may have been asked again after it had listed them.
    last = asked === timesAsked ? {at: now, machines, dueAt} : undefined
  }

  const run = async () => {
    while (!signal.aborted) {
      try {
        await look()
      } catch (error) {
        if (signal.aborted) return
        away(toFleetError(error))
      }
      const {promise, resolve} = Promise.withResolvers<void>()
      rouse = resolve
      // Machines that start together should not look together.
      const pause = delay((leaseMs / 20) * (0.8 + 0.4 * Math.random()), undefined, {signal}).catch(() => {})
      await Promise.race([promise, pause])
    }
  }
  const running = run()

  const lookSoon = () => {
    timesAsked++
    last = undefined
    rouse()
  }

  const carryOut = createOrderDesk(context, {
    labels,
    faults,
    drain,
    isDraining: () => draining !== undefined,
    listMachines,
    async beginDrain(now) {
      const isNew = draining === undefined
      draining = {now: now || draining?.now === true}
      if (isNew) await lease.change(machine())
      // The next look moves sessions; the first one tells how many.
      lookSoon()
    },
  })
  const ordering = takeOrders(fleet, name, carryOut, signal)
  const isDrained = () => draining !== undefined && drain.progress?.left === 0 && !hasHeldLog(context)

  return {
    name,
    get isDrained() {
      return isDrained()
    },
    look: lookSoon,
    failed: lease.failed,
    async close() {
      ending.abort()
      rouse()
      await Promise.all([running, ordering])
      await lease.close({release: isDrained()})
    },
  }
}

function withoutLease(names: readonly string[], machines: readonly Machine[]): readonly string[] {
  const living = new Set(machines.map(({name}) => name))
  return names.filter((name) => !living.has(name))
}

function holdersOf(sessions: readonly HeldSession[]): readonly string[] {
  return [...new Set(sessions.filter(({state}) => state === 'open').map(({machine}) => machine))]
}

/** The most reports of which it remembers that they were made. */
const maxRemembered = 10_000

/** A session that is stranded, and a lease that cannot be read, is found with each look, and reported once. */
function reportOnce(onReport: (report: MachineReport) => void): (report: MachineReport) => void {
  const reported = new Set<string>()
  return (report) => {
    const key = keyOf(report)
    if (key !== undefined) {
      if (reported.has(key)) return
      if (reported.size === maxRemembered) reported.clear()
      reported.add(key)
    }
    onReport(report)
  }
}

function keyOf(report: MachineReport): string | undefined {
  if (report.kind === 'stranded') return `session ${report.sessionId}`
  return report.kind === 'lease-unreadable' ? `lease ${report.machine}` : undefined
}
