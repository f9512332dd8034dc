import {createRandom} from '../../faults/schedule/random.ts'
import type {Costs} from './costs.ts'
import {createEventQueue} from './event-queue.ts'
import type {FleetShape} from './fleet-shape.ts'

export interface TakeOverOptions {
  seed: number
  /** How many machines die at the same time, after the fleet has run for three leases. */
  dead: number
  /** How long to go on after that, ms. */
  untilMs: number
}

export interface TakeOverOutcome {
  /** From the deaths until sessions are ready on other machines, ms, sorted. Those that were not ready in time are not here. */
  ready: readonly number[]
  /** How many sessions the dead machines had. */
  orphans: number
  /** How often a machine that lived lost its lease, because the servers were late. */
  lapses: number
  /** The longest time that a request waited for its answer, ms. */
  longestWait: number
}

interface MachineState {
  isDead: boolean
  /** When its lease runs out, as the servers see it. */
  expiresAt: number
  hasLapsed: boolean
  /** How many machines had no lease when it last listed the sessions, and when that was. */
  missing: number
  sweptAt: number
  /** The sessions of dead machines that it has to claim. */
  orphans: number
}

type Step = {kind: 'renew' | 'look' | 'claim'; machine: number} | {kind: 'die'} | {kind: 'end'}

/** How long a machine waits for an answer before it gives a request up, ms. */
const timeoutMs = 2000
/** From a claim until the session is ready, beside what is read back: its requests one after the other, and the start of a host. */
const startMs = 400

/**
 * Simulates the machines of a fleet and its servers while some machines die. Every machine renews its lease, lists the leases, and
 * lists the sessions when a machine has come or gone, at moments that the seed decides. The servers answer one request after the other, as
 * fast as all their cores together: real ones are not better. A request that waits too long is given up, and answered all the same.
 */
export function simulateTakeOver(shape: FleetShape, costs: Costs, options: TakeOverOptions): TakeOverOutcome {
  const {machines, leaseMs, lookMs, sweepMs, shards, sessions} = shape
  const {dead, untilMs} = options
  const {cpu} = costs
  const random = createRandom(options.seed)
  const between = (low: number, high: number) => low + (random.integer(0, 999_999) / 1e6) * (high - low)
  const cores = shape.servers.count * shape.servers.cores
  const diesAt = 3 * leaseMs
  const orphans = Math.round((sessions / machines) * dead)
  const planMs = orphans * machines * costs.machine.choice
  const restoreMs = shape.length * costs.machine.restoredEvent

  const queue = createEventQueue<Step>()
  const states: MachineState[] = Array.from({length: machines}, () => ({
    isDead: false,
    expiresAt: Infinity,
    hasLapsed: false,
    missing: 0,
    // They have run for long: each lists the sessions at another time.
    sweptAt: -between(0, sweepMs),
    orphans: 0,
  }))
  const ready: number[] = []
  let missing = 0
  let lapses = 0
  let freeAt = 0
  let longestWait = 0

  /** Returns when the servers have answered. */
  const ask = (at: number, cpuMs: number) => {
    freeAt = Math.max(freeAt, at) + cpuMs / cores
    longestWait = Math.max(longestWait, freeAt - at)
    return freeAt
  }

  const renew = (machine: number, at: number) => {
    const state = states[machine]!
    const answeredAt = ask(at, cpu.renewal)
    if (answeredAt >= state.expiresAt) lapses++
    // A machine whose lease has run out takes another one.
    if (state.hasLapsed) missing--
    state.hasLapsed = false
    state.expiresAt = answeredAt + leaseMs
    queue.add(Math.max(at + leaseMs / 3, answeredAt), {kind: 'renew', machine})
  }

  /** The lease of a dead machine runs out: the sessions go to all others evenly, by rendezvous hashing. */
  const lapse = (state: MachineState) => {
    state.hasLapsed = true
    missing++
    for (let count = 0; count < orphans / dead; count++) states[random.integer(dead, machines - 1)]!.orphans++
  }

  const sweep = (machine: number, at: number) => {
    const state = states[machine]!
    const answeredAt = ask(at, shards * cpu.list + sessions * cpu.listedClaim)
    // Its requests are many: 500 sessions each.
    if ((answeredAt - at) / (shards + sessions / 500) > timeoutMs) return answeredAt
    state.missing = missing
    state.sweptAt = at
    const plannedAt = answeredAt + (missing === 0 ? 0 : planMs)
    for (; state.orphans > 0; state.orphans--) queue.add(plannedAt, {kind: 'claim', machine})
    return plannedAt
  }

  const look = (machine: number, at: number) => {
    const state = states[machine]!
    const answeredAt = ask(at, cpu.list + (machines - missing) * cpu.listedLease)
    const isDue = missing !== state.missing || at - state.sweptAt > sweepMs
    const doneAt = isDue && answeredAt - at < timeoutMs ? sweep(machine, answeredAt) : answeredAt
    queue.add(doneAt + between(lookMs * 0.8, lookMs * 1.2), {kind: 'look', machine})
  }

  for (let machine = 0; machine < machines; machine++) {
    queue.add(between(0, leaseMs / 3), {kind: 'renew', machine})
    queue.add(between(0, lookMs), {kind: 'look', machine})
  }
  queue.add(diesAt, {kind: 'die'})
  queue.add(diesAt + untilMs, {kind: 'end'})
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    const {at, event} = next
    if (event.kind === 'end') break
    if (event.kind === 'die') {
      // Which ones does not matter: each renews at a moment of its own.
      for (const state of states.slice(0, dead)) state.isDead = true
      continue
    }
    const state = states[event.machine]!
    if (event.kind === 'claim') ready.push(ask(at, cpu.claim) + startMs + restoreMs - diesAt)
    else if (!state.isDead) (event.kind === 'renew' ? renew : look)(event.machine, at)
    else if (event.kind === 'renew' && at < state.expiresAt) queue.add(state.expiresAt, event)
    else if (event.kind === 'renew') lapse(state)
  }
  return {ready: ready.toSorted((a, b) => a - b), orphans, lapses, longestWait}
}
