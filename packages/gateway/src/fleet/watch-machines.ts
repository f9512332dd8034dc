import {parseResult, readEphemeralEvent, type Hello, type SessionSummary} from '@holdfast/protocol'
import type {Connection} from '@holdfast/rpc'

import type {SummaryEvent} from '../stored-sessions/summary-sender.ts'
import type {Cluster} from './cluster.ts'
import {isLive} from './merge-lists.ts'

export interface MachinesWatchOptions {
  cluster: Pick<Cluster, 'listMachines' | 'connect'>
  /** The name of this machine, if it is a member of the fleet: it is not followed. */
  me: string | undefined
  hello: Hello
  /** How often to look for machines that have come or gone, ms. @default 5000 */
  pollMs?: number
}

export type MachineListener = (machine: string, event: SummaryEvent) => void

/** Returns the sessions that a client now shows as `machine_silent`. */
type SilentSessions = () => readonly SessionSummary[]

/** Follows the sessions of the other machines while somebody wants to know, over one connection to each for all clients of this process. */
export interface MachinesWatch {
  /**
   * Calls `listener` with each change of a session on another machine. For the sessions that its client shows as `silent`, that is as soon
   * as their machine answers again, or has lost its lease. Returns a function that unsubscribes.
   */
  subscribe(listener: MachineListener, silent: SilentSessions): () => void
  /** Resolves when each machine has answered, or has had its time: from then on, `listener` misses nothing. */
  ready(): Promise<void>
}

/** More machines are not followed: their sessions come with the next list. */
const maxFollowed = 64

/** How long a machine may take to answer, ms. */
const answerMs = 5000

/** Failures in a row to answer after which a machine counts as silent: at the first one, its process may only be restarting. */
const missesUntilSilent = 2

type Listeners = Map<MachineListener, SilentSessions>

export function watchMachines(options: MachinesWatchOptions): MachinesWatch {
  const listeners: Listeners = new Map()
  let following: {ready: Promise<void>; stop(): void} | undefined
  return {
    subscribe(listener, silent) {
      listeners.set(listener, silent)
      following ??= followMachines(options, listeners)
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        following?.stop()
        following = undefined
      }
    },
    ready: async () => await following?.ready,
  }
}

function followMachines({cluster, me, hello, pollMs = 5000}: MachinesWatchOptions, listeners: Listeners) {
  const stopping = new AbortController()
  const {signal} = stopping
  /** The machines that are followed, with the connections to those that have answered. */
  const followed = new Map<string, Connection | undefined>()
  /** The sessions that run on a machine, kept while its connection is lost: it may only have started again. */
  const live = new Map<string, Map<string, SessionSummary>>()
  /** How often in a row each machine has not answered. */
  const missed = new Map<string, number>()
  /** The lists that clients ask for have what machines say before this. */
  let isReady = false

  const report: MachineListener = (machine, event) => {
    for (const listener of listeners.keys()) listener(machine, event)
  }
  const change = (machine: string, summary: SessionSummary) => {
    if (isLive(summary)) live.get(machine)?.set(summary.id, summary)
    else live.get(machine)?.delete(summary.id)
    tell(machine, summary)
  }
  const tell = (machine: string, summary: SessionSummary) => {
    if (isReady) report(machine, changed(machine, summary))
  }

  /** Reports what listeners still have as silent, and the machine does not list: it has lost its lease, or these sessions. */
  const settle = (machine: string, listed: ReadonlySet<string> = new Set()) => {
    for (const [listener, silent] of listeners) {
      const lost = silent().filter((summary) => summary.machine === machine && !listed.has(summary.id))
      for (const summary of lost) listener(machine, changed(machine, stopped(summary)))
    }
  }

  /** Counts that a machine has not answered, and reports its sessions as silent at the count of `missesUntilSilent`. */
  const miss = (machine: string) => {
    const times = (missed.get(machine) ?? 0) + 1
    missed.set(machine, times)
    if (times !== missesUntilSilent) return
    for (const summary of live.get(machine)?.values() ?? [])
      tell(machine, {...summary, machine_silent: true, waits_for: undefined})
  }

  const take = (machine: string, event: SummaryEvent) => {
    if (event.type === 'session.changed') return change(machine, event.payload)
    live.get(machine)?.delete(event.session_id)
    report(machine, event)
  }

  /** Resolves with the connection when the machine has answered; `undefined` if it has not. */
  const follow = async (machine: string): Promise<Connection | undefined> => {
    let gateway: Connection | undefined
    try {
      gateway = await cluster.connect({machine}, hello, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]))
      if (gateway === undefined) return undefined
      const {closed} = gateway
      const end = () => void gateway?.close('nobody watches its sessions any more')
      signal.addEventListener('abort', end)
      void closed.then(() => signal.removeEventListener('abort', end))
      const known = live.get(machine) ?? new Map<string, SessionSummary>()
      live.set(machine, known)
      const before = [...known.values()]
      /** Sessions that have changed since the list was asked for: what their events say is newer than the list. */
      let newer: Set<string> | undefined = new Set()
      gateway.subscribe('event', (params) => {
        const event = readEphemeralEvent(params)
        if (event?.type !== 'session.changed' && event?.type !== 'session.deleted') return
        newer?.add(event.session_id)
        take(machine, event)
      })
      const answer = await gateway.request('sessions.watch', {}, {timeoutMs: answerMs, signal})
      const {sessions} = parseResult('sessions.watch', answer)
      for (const summary of sessions) if (!newer.has(summary.id)) change(machine, summary)
      newer = undefined
      const listed = new Set(sessions.map(({id}) => id))
      // They have moved away, or were deleted, while the connection was lost.
      for (const summary of before) if (!listed.has(summary.id)) change(machine, stopped(summary))
      settle(machine, listed)
      return gateway
    } catch {
      void gateway?.close('it did not answer')
      return undefined
    }
  }

  const look = async () => {
    const machines = await cluster.listMachines().catch(() => undefined)
    if (machines === undefined || signal.aborted) return
    const names = new Set(machines.map(({name}) => name))
    for (const [machine, sessions] of live) {
      if (names.has(machine) || followed.has(machine)) continue
      for (const summary of sessions.values()) change(machine, stopped(summary))
      live.delete(machine)
    }
    const silent = [...listeners.values()].flatMap((list) => list().flatMap(({machine}) => machine ?? []))
    for (const machine of new Set(silent)) {
      // It did not answer for a list, and does now: it lists its sessions again over its next connection.
      if (names.has(machine)) void followed.get(machine)?.close('it was silent')
      else if (!followed.has(machine)) settle(machine)
    }
    for (const machine of missed.keys()) if (!names.has(machine)) missed.delete(machine)
    const fresh = [...names].filter((name) => name !== me && !followed.has(name))
    await Promise.all(fresh.slice(0, maxFollowed - followed.size).map(begin))
  }

  const begin = async (machine: string) => {
    followed.set(machine, undefined)
    const gateway = await follow(machine)
    if (signal.aborted) return
    if (gateway === undefined) {
      followed.delete(machine)
      return miss(machine)
    }
    missed.delete(machine)
    followed.set(machine, gateway)
    void gateway.closed.then(() => {
      followed.delete(machine)
      // It may only have started again.
      if (!signal.aborted) void look()
    })
  }

  const ready = look().then(() => void (isReady = true))
  const timer = setInterval(() => void look(), pollMs).unref()
  return {
    ready,
    stop() {
      clearInterval(timer)
      stopping.abort()
    },
  }
}

function changed(machine: string, summary: SessionSummary): SummaryEvent {
  return {type: 'session.changed', session_id: summary.id, payload: {...summary, machine}}
}

/** Nothing runs on a machine that is gone. */
function stopped(summary: SessionSummary): SessionSummary {
  return {...summary, state: 'stopped', machine_silent: undefined, waits_for: undefined}
}
