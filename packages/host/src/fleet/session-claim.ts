import {randomUUID} from 'node:crypto'
import {rmSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {claimFile, readClaimFile, writeClaimFile, type KnownClaim} from '@holdfast/event-log'
import {
  claimSession,
  FleetError,
  isFleetError,
  openFleet,
  readHolder,
  type Claim,
  type Fleet,
  type FleetOptions,
} from '@holdfast/fleet'

import {planStart, type StartPlan} from './plan-start.ts'

/** A machine that is a member of a fleet. */
export interface FleetMembership {
  servers: readonly string[]
  /** The name of this machine. */
  machine: string
  options?: FleetOptions | undefined
}

export interface SessionClaimOptions {
  membership: FleetMembership
  sessionId: string
  /** The file of the log. */
  log: string
}

export interface ClaimFacts {
  /** This machine has a log of the session with an event. */
  hasLog: boolean
  /** The labels that a machine needs to take the session over. */
  needs: readonly string[]
}

/** What became of an attempt to claim the session. */
export type Claimed = {kind: 'claimed'; fleet: Fleet; claim: Claim} | Exclude<StartPlan, {kind: 'claim'}>

export interface AnswerOptions {
  /** @default 6000 */
  waitMs?: number
  /** Called after each attempt without an answer. */
  onError?: (error: FleetError) => void
}

/** The claim of this host to its session. */
export interface SessionClaim {
  /**
   * Claims the session, or says why not, if the cluster answers in time. Otherwise plans the start without the cluster, and returns the
   * error, too.
   */
  atStart(facts: ClaimFacts): Promise<Claimed & {error?: FleetError | undefined}>
  /** Claims the session when the cluster answers. Rejects with a `FleetError` if that is too late; resolves to `undefined` once this is closed. */
  whenAnswered(facts: ClaimFacts, options?: AnswerOptions): Promise<Claimed | undefined>
  /** A host of this machine has claimed the session, and has not closed it in the cluster. */
  readonly isUnfinished: boolean
  /** The cluster had all events up to this one: for a start without it, and for who reads the log of the session. */
  note(through: number): void
  /** Nothing of this session is left to do in the cluster. */
  forget(): void
  /** Ends all attempts, and closes the connection. */
  close(): Promise<void>
}

/** How long a host that may run without the cluster waits for it when it starts, ms. */
const shortWaitMs = 1000
/** The same for one that may not. A gateway expects it to be ready after 10 s. */
const longWaitMs = 6000

/** The pauses between attempts, ms. */
const retryMs = {first: 100, last: 2000} as const

export function createSessionClaim({membership, sessionId, log}: SessionClaimOptions): SessionClaim {
  const {servers, machine, options = {}} = membership
  const fleetName = options.name ?? 'main'
  const file = claimFile(log)
  // The same one for each attempt: an attempt that got no answer may have won.
  const instance = randomUUID()
  const ended = new AbortController()
  let opening: Promise<Fleet> | undefined
  let known = readClaimFile(file)

  const connect = (): Promise<Fleet> => {
    opening ??= openFleet(servers, options).catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  const save = (claim: KnownClaim) => {
    known = claim
    writeClaimFile(file, claim)
  }

  const attempt = async ({hasLog, needs}: ClaimFacts): Promise<Claimed> => {
    const fleet = await connect()
    const holder = await readHolder(fleet, sessionId)
    const plan = planStart({machine, fleet: fleetName, hasLog, holder, known})
    if (plan.kind !== 'claim') return plan
    const result = await claimSession(fleet, sessionId, {machine, instance, replaces: plan.replaces, needs})
    if (result.kind === 'won') {
      const {claim} = result
      save({fleet: fleetName, machine, epoch: claim.epoch, promise: fleet.promise, through: claim.through})
      return {kind: 'claimed', fleet, claim}
    }
    if (result.machine !== machine) return {kind: 'held', machine: result.machine}
    throw new FleetError('unreachable', 'Another process of this machine has just claimed the session')
  }

  /** Tries until the cluster answers, or `signal` ends it. */
  const retryUntilAnswered = async (facts: ClaimFacts, signal: AbortSignal, onError: (error: FleetError) => void) => {
    for (let pauseMs: number = retryMs.first; !signal.aborted; pauseMs = Math.min(2 * pauseMs, retryMs.last)) {
      try {
        return await attempt(facts)
      } catch (error) {
        if (!isFleetError(error)) throw error
        onError(error)
        await delay(pauseMs * (1 - Math.random() / 2), undefined, {signal}).catch(() => undefined)
      }
    }
    return undefined
  }

  /** The same, for `waitMs` at most, also where a server takes a connection and does not answer. */
  const within = async (facts: ClaimFacts, {waitMs = longWaitMs, onError}: AnswerOptions) => {
    let error = new FleetError('unreachable', 'The cluster does not answer')
    const late = AbortSignal.timeout(Math.min(waitMs, maxTimerMs))
    const signal = AbortSignal.any([late, ended.signal])
    const answered = retryUntilAnswered(facts, signal, (fault) => {
      error = fault
      onError?.(fault)
    })
    const outcome = await Promise.race([answered, whenAborted(signal)])
    return {outcome, error}
  }

  return {
    async atStart(facts) {
      const without = planStart({machine, fleet: fleetName, hasLog: facts.hasLog, holder: 'away', known})
      const {outcome, error} = await within(facts, {
        waitMs: without.kind === 'needs-cluster' ? longWaitMs : shortWaitMs,
      })
      return outcome ?? {...(without as Exclude<StartPlan, {kind: 'claim'}>), error}
    },
    async whenAnswered(facts, wait = {}) {
      const {outcome, error} = await within(facts, wait)
      if (outcome === undefined && !ended.signal.aborted) throw error
      return outcome
    },
    get isUnfinished() {
      return known !== undefined
    },
    note(through) {
      if (known !== undefined && known.through !== through) save({...known, through})
    },
    forget() {
      known = undefined
      rmSync(file, {force: true})
    },
    async close() {
      ended.abort()
      const fleet = await opening?.catch(() => undefined)
      await fleet?.close()
    },
  }
}

/** What a timer of Node can wait, ms. */
const maxTimerMs = 2 ** 31 - 1

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), {once: true})
  })
}
