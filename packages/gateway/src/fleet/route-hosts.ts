import {setTimeout as delay} from 'node:timers/promises'

import {errorCodes, type Hello} from '@holdfast/protocol'
import {isPeerGone, isRequestTimeout, isRpcError, RpcError, type Connection} from '@holdfast/rpc'

import type {Caller} from '../caller.ts'
import {HeldElsewhereError} from '../hosts/held-elsewhere.ts'
import type {Hosts} from '../hosts/hosts.ts'
import {SessionAwayError} from '../hosts/session-away.ts'
import type {Cluster} from './cluster.ts'
import {findRoute} from './find-route.ts'
import {claimOf, type SessionHolder} from './plan-route.ts'
import {longestWaitMs, planWait} from './plan-wait.ts'

export interface RouteHostsOptions {
  home: string
  /** Those of this home. */
  hosts: Hosts
  cluster: Cluster
  /** The name of this machine, if it is a member of the fleet. */
  me: string | undefined
  hello: () => Hello
  /** One that may only look: no host is started for it. */
  caller: Caller | undefined
}

/** The pauses between looks for a host, ms: short ones when there is news, as a host is about to listen, then longer and longer. */
const firstPauseMs = 50
const maxPauseMs = 500

/** How long another machine may take to start a host, ms. */
const wakeTimeoutMs = 20_000

/** How long to look for the claim of a machine that a host has seen, ms. */
const claimMs = 2000

/** How long to look whether a host runs, ms. */
const lookMs = 2000

/** The hosts of all machines of a fleet. A host of this home is found without the cluster. */
export function routeHosts({home, hosts, cluster, me, hello, caller}: RouteHostsOptions): Hosts {
  const connectSession = (sessionId: string, signal: AbortSignal) =>
    cluster.connect({session: sessionId}, hello(), signal)

  /** The host of this home, if it runs. */
  const findHere = async (sessionId: string, abandoned: AbortSignal): Promise<Connection | undefined> => {
    let hasNone = false
    try {
      return await hosts.connect(sessionId, abandoned, () => {
        hasNone = true
        throw new RpcError(errorCodes.hostUnavailable, `No host of this home runs session ${sessionId}`)
      })
    } catch (error) {
      if (!hasNone) throw error
      return undefined
    }
  }

  /**
   * Starts a host here; `not-yet`: it found that another machine has taken the session over, or this one has, and reads its log
   * back.
   */
  const startHere = async (
    holder: SessionHolder | undefined,
    args: Parameters<Hosts['connect']>,
  ): Promise<Connection | 'not-yet'> => {
    try {
      return await hosts.connect(...args)
    } catch (error) {
      if (error instanceof HeldElsewhereError || (holder !== undefined && isMissing(error))) return 'not-yet'
      throw error
    }
  }

  /** Has the machine of a session start its host; `not-yet`: it does not answer, or has not the session yet. */
  const wake = async (holder: SessionHolder, sessionId: string, signal: AbortSignal): Promise<'woken' | 'not-yet'> => {
    requireWakeable(sessionId, holder)
    const gateway = await cluster.connect({machine: holder.machine}, hello(), signal)
    if (gateway === undefined) return 'not-yet'
    try {
      await gateway.request('session.summary', {session_id: sessionId}, {timeoutMs: wakeTimeoutMs, signal})
      return 'woken'
    } catch (error) {
      // To read the log back takes a moment. Any other answer says what is wrong with the host.
      if (isMissing(error) || isPeerGone(error) || isRequestTimeout(error)) return 'not-yet'
      throw error
    } finally {
      void gateway.close('the host was looked for')
    }
  }

  const requireWakeable = (sessionId: string, holder: SessionHolder) => {
    if (holder.state === 'closed')
      throw new RpcError(errorCodes.sessionClosed, `Session ${sessionId} is closed: open another one`)
    if (caller?.isReadOnly === true)
      throw new RpcError(errorCodes.readOnly, `Session ${sessionId} does not run, and ${caller.name} may only look`)
  }

  const planNext = async (sessionId: string, holder: SessionHolder, waiting: {waitedMs: number; isHeard: boolean}) => {
    const machines = await cluster.listMachines().catch(() => [])
    return planWait({sessionId, holder, me, machines, leaseMs: cluster.leaseMs, ...waiting})
  }

  return {
    ...hosts,
    async connect(sessionId, abandoned, requireOpen, onWaiting) {
      const found = await findHere(sessionId, abandoned)
      if (found !== undefined) return found
      const since = performance.now()
      let told: string | undefined
      let isHeard = false
      const tell = (message: string) => {
        if (message !== told) isHeard = onWaiting?.((told = message)) ?? false
      }
      /** Waits while a user reads why; else at most for `patienceMs`. */
      const waitFor = (problem: SessionAwayError, patienceMs = 0) => {
        tell(problem.message)
        const longestMs = isHeard ? longestWaitMs(cluster.leaseMs) : patienceMs
        if (performance.now() - since >= longestMs) throw problem
      }
      let pauseMs = firstPauseMs
      for (;;) {
        const known = told
        const host = await connectSession(sessionId, abandoned)
        if (host !== undefined) return host
        const route = await findRoute(sessionId, {home, cluster, me}).catch(ifAway)
        if (route instanceof SessionAwayError) {
          // Who opens a session is told at once that the cluster is away; who has it open waits.
          waitFor(route)
        } else {
          const holder = route.kind === 'here' ? claimOf(route) : route.holder
          const started =
            route.kind === 'here'
              ? await startHere(holder, [sessionId, abandoned, requireOpen])
              : await wake(route.holder, sessionId, abandoned)
          if (typeof started === 'object') return started
          if (holder !== undefined) {
            const waitedMs = performance.now() - since
            const {kind, message} = await planNext(sessionId, holder, {waitedMs, isHeard})
            if (kind === 'give-up') throw new SessionAwayError(message)
            if (started !== 'woken') tell(message)
          } else waitFor(new SessionAwayError(elsewhere(sessionId)), claimMs)
        }
        if (told !== known) pauseMs = firstPauseMs
        await delay(pauseMs, undefined, {signal: abandoned})
        pauseMs = Math.min(pauseMs * 2, maxPauseMs)
      }
    },
    async isAlive(sessionId) {
      if (await hosts.isAlive(sessionId)) return true
      const host = await connectSession(sessionId, AbortSignal.timeout(lookMs)).catch(() => undefined)
      await host?.close('it checked whether the host is running')
      return host !== undefined
    },
  }
}

function elsewhere(sessionId: string): string {
  return `Another machine of the fleet has session ${sessionId}, and the cluster cannot be asked which one`
}

function ifAway(error: unknown): SessionAwayError {
  if (error instanceof SessionAwayError) return error
  throw error
}

function isMissing(error: unknown): boolean {
  return isRpcError(error) && error.code === errorCodes.sessionNotFound
}
