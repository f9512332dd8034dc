import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {EventLog} from '@holdfast/event-log'
import {
  closeClaim,
  type FleetError,
  isFleetError,
  listenFleet,
  startShipper,
  watchClaims,
  type Claim,
  type Fleet,
  type FleetListener,
  type ListenFleetOptions,
  type Shipper,
  type ShipperState,
} from '@holdfast/fleet'
import {errorCodes} from '@holdfast/protocol'
import {RpcError, type Transport} from '@holdfast/rpc'

import {needsCluster, toProblem} from './describe-away.ts'
import {createReplication, type MovedReplication, type Replication} from './replication.ts'
import {lacksEvents, restoreSessionLog} from './restore-session-log.ts'
import {createSessionClaim, type ClaimFacts, type Claimed, type FleetMembership} from './session-claim.ts'

export interface SessionFleetOptions {
  membership: FleetMembership
  sessionId: string
  /** The file of the log. */
  log: string
  breadcrumbs: Breadcrumbs
  /** Serves a client that comes through the cluster. */
  serve: (transport: Transport) => void
  /** The bounds of such clients. */
  bounds: Pick<ListenFleetOptions, 'maxQueuedBytes' | 'readBudget' | 'writeBudget'>
  /** Called when clients may see more events. */
  onAdvance: () => void
  /** Under the promise `replicated`: called, perhaps repeatedly, with whether the cluster is away and lacks the last events. */
  onProblem: (isBehind: boolean) => void
  /** Called once when this host may not go on. */
  onEnd: (reason: 'fenced' | 'deleted' | 'diverged') => void
}

/** What a host does in the fleet of its machine: it claims its session, ships the log, and listens for clients. */
export interface SessionFleet {
  /** Defined where clients may see only what the cluster has, once the session may run. */
  readonly replication: Replication | undefined
  /** Claims the session of a host that starts, or finds out why not. */
  begin(facts: ClaimFacts): Promise<Begun>
  /** Claims a new session. Rejects with an `RpcError` without the cluster. */
  create(needs: readonly string[]): Promise<void>
  /** A host of this machine has claimed the session, and has not closed it in the cluster. */
  readonly isUnfinished: boolean
  /**
   * Whether the log lacks events that the cluster has, so that it has to be restored before it is used. Throws a `FleetError`
   * `diverged` if it has others.
   */
  lacksEvents(log: EventLog | undefined): boolean
  /** Restores the log, which nobody has open. Throws a `FleetError`. */
  restore(): Promise<void>
  /** Ships a log from now on: at once, or when the cluster is back. */
  ship(log: EventLog): void
  /** Resolves once clients can reach this host through the cluster, after `listeningMs` at the latest, or at once if that is away. */
  listening(): Promise<void>
  /** The log has new events. */
  wake(): void
  /** The cluster has all events up to this one. */
  readonly replicatedSeq: number
  /** Resolves once the cluster has event `seq`. Rejects when this host cannot learn that any more. */
  replicated(seq: number): Promise<void>
  /** Whether the log may have events that the cluster does not have. */
  readonly isBehind: boolean
  /** Ships the rest of the log of a closed session, and closes it in the cluster, however long that takes. */
  finish(): Promise<void>
  /** The same for a session that was closed before, and with a bound. */
  finishStored(log: EventLog): Promise<void>
  /** Ships what it can until the deadline, and disconnects. */
  close(deadlineMs: number): Promise<void>
}

export type Begun =
  | {kind: 'run' | 'create' | 'deleted'}
  | {kind: 'held'; machine: string}
  /** `message`: a sentence for the user. */
  | {kind: 'needs-cluster'; message: string}

export function createSessionFleet(options: SessionFleetOptions): SessionFleet {
  const {membership, sessionId, breadcrumbs, serve, bounds, onAdvance, onProblem, onEnd} = options
  const session = createSessionClaim({membership, sessionId, log: options.log})
  let claimed: {fleet: Fleet; claim: Claim} | undefined
  let facts: ClaimFacts = {hasLog: false, needs: []}
  let replication: MovedReplication | undefined
  let log: EventLog | undefined
  let shipper: Shipper | undefined
  let listener: FleetListener | undefined
  let hasEnded = false
  let isNew = false
  let away: {since: number; error: Error} | undefined
  let creating: Promise<void> | undefined
  let finishing: Promise<void> | undefined
  const started = Promise.withResolvers<Shipper>()
  started.promise.catch(() => undefined)
  const stops: (() => void)[] = []

  const take = (result: {fleet: Fleet; claim: Claim}) => {
    claimed = result
    breadcrumbs.record('claimed', {epoch: result.claim.epoch})
    if (result.fleet.promise === 'replicated') replication ??= createReplication(result.claim.through)
  }

  const end = (reason: 'fenced' | 'deleted' | 'diverged', recordEnd: () => void) => {
    if (hasEnded) return
    hasEnded = true
    recordEnd()
    const message = `This host cannot run session ${sessionId} any more (${endReasons[reason]}): try again`
    const moved = new RpcError(errorCodes.hostUnavailable, message)
    replication?.end(moved)
    started.reject(moved)
    void listener?.close()
    onEnd(reason)
  }
  const beFenced = (machine: string, epoch?: number, through?: number) =>
    end('fenced', () => breadcrumbs.record('fenced', {machine, epoch, through, latest: log?.latestSeq}))
  const beDeleted = () => end('deleted', () => breadcrumbs.record('deleted'))

  const noteAway = (error: Error) => {
    if (away === undefined) {
      breadcrumbs.record('cluster-away', {code: isFleetError(error) ? error.code : 'failed'})
    }
    away = {since: away?.since ?? performance.now(), error}
    if (replication === undefined || log === undefined) return
    const isBehind = log.latestSeq > replication.seq
    replication.setProblem(isBehind ? toProblem(error) : undefined)
    onProblem(isBehind)
  }
  const noteBack = () => {
    if (away === undefined) return
    breadcrumbs.record('cluster-back', {away_ms: Math.round(performance.now() - away.since)})
    away = undefined
    replication?.setProblem(undefined)
    if (replication !== undefined) onProblem(false)
  }

  const onState = (state: ShipperState) => {
    if (state.kind === 'waiting') noteAway(state.error)
    else if (state.kind === 'shipping') noteBack()
    else if (state.kind === 'fenced') beFenced(state.machine, state.epoch, state.through)
    else if (state.kind === 'deleted') beDeleted()
  }

  const startShipping = (of: EventLog, {fleet, claim}: {fleet: Fleet; claim: Claim}) => {
    try {
      shipper = startShipper(fleet, claim, of, {
        onState,
        onReplicated(seq) {
          // First: what a client was shown, whoever reads the log then shows, too.
          session.note(seq)
          replication?.advance(seq)
          onAdvance()
        },
      })
    } catch (error) {
      if (!isFleetError(error)) throw error
      const found = {code: error.code, through: claim.through, latest: of.latestSeq}
      return end('diverged', () => breadcrumbs.record('diverged', found))
    }
    const check = () => shipper?.check()
    listener = listenFleet(fleet, {session: sessionId}, serve, {
      ...bounds,
      onFault: ({code}) => breadcrumbs.record('listen-refused', {code}),
    })
    process.on('SIGCONT', check)
    stops.push(fleet.onReconnect(check), watchClaims(fleet, sessionId, check), () => process.off('SIGCONT', check))
    noteBack()
    // The claim says what the cluster has.
    replication?.advance(claim.through)
    onAdvance()
    started.resolve(shipper)
  }

  /** Claims a session that runs already. */
  const claimLate = async (of: EventLog) => {
    const result = await session.whenAnswered(facts, {waitMs: Infinity, onError: noteAway})
    if (result === undefined || hasEnded) return
    if (result.kind === 'held') return beFenced(result.machine)
    if (result.kind === 'deleted') return beDeleted()
    if (result.kind !== 'claimed') return
    take(result)
    startShipping(of, result)
  }

  const begunBy = (result: Claimed & {error?: FleetError | undefined}): Begun => {
    if (result.error !== undefined) noteAway(result.error)
    switch (result.kind) {
      case 'claimed':
        take(result)
        return {kind: 'run'}
      case 'run-without':
        if (result.promise === 'replicated') replication = createReplication(result.through)
        return {kind: 'run'}
      case 'needs-cluster':
        return {kind: 'needs-cluster', message: needsCluster(`to run session ${sessionId}`, result.error)}
      case 'held':
        breadcrumbs.record('held-elsewhere', {machine: result.machine})
        return result
      case 'create':
      case 'deleted':
        return {kind: result.kind}
    }
  }

  const claimNew = async (needs: readonly string[]) => {
    // Also where a host before this one was killed between the claim and the first event: it may have had other needs.
    facts = {hasLog: true, needs}
    const result = await session.whenAnswered(facts).catch((error: unknown) => {
      throw new RpcError(errorCodes.hostUnavailable, needsCluster('for a new session', error as Error))
    })
    if (result?.kind !== 'claimed') {
      throw new RpcError(errorCodes.hostUnavailable, `Session ${sessionId} is not new in the fleet: choose another id`)
    }
    noteBack()
    take(result)
    isNew = true
  }

  const ship = (of: EventLog) => {
    log = of
    if (claimed !== undefined) return startShipping(of, claimed)
    if (away !== undefined) noteAway(away.error)
    void claimLate(of)
  }

  const finish = async () => {
    const ships = await started.promise
    await ships.replicated(log!.latestSeq)
    // It would take the claim that closes the session for one of another machine.
    await ships.close()
    await retryUntilAnswered(() => closeClaim(claimed!.fleet, claimed!.claim))
    session.forget()
  }

  return {
    get replication() {
      return replication
    },
    async begin(known) {
      facts = known
      return begunBy(await session.atStart(facts))
    },
    get isUnfinished() {
      return session.isUnfinished
    },
    create(needs) {
      // A client may repeat its request.
      creating ??= claimNew(needs).catch((error: unknown) => {
        creating = undefined
        throw error
      })
      return creating
    },
    lacksEvents: (of) => claimed !== undefined && lacksEvents(of, claimed.claim),
    async restore() {
      if (claimed !== undefined) await restoreSessionLog(claimed.fleet, claimed.claim, options.log)
    },
    ship,
    async listening() {
      if (listener !== undefined) await Promise.race([listener.listening, delay(listeningMs, undefined, {ref: false})])
    },
    wake: () => shipper?.wake(),
    get replicatedSeq() {
      return shipper?.replicatedSeq ?? replication?.seq ?? claimed?.claim.through ?? 0
    },
    async replicated(seq) {
      await (await started.promise).replicated(seq)
    },
    get isBehind() {
      return log !== undefined && (shipper === undefined || shipper.replicatedSeq < log.latestSeq)
    },
    finish: () => (finishing ??= finish()),
    async finishStored(of) {
      if (claimed === undefined && !session.isUnfinished) return
      ship(of)
      await Promise.race([finish().catch(() => undefined), delay(finishStoredMs)])
    },
    async close(deadlineMs) {
      hasEnded = true
      const late = delay(deadlineMs, undefined, {ref: false})
      if (log !== undefined) await Promise.race([shipper?.replicated(log.latestSeq).catch(() => undefined), late])
      for (const stop of stops) stop()
      // A session that could not be created, as on a full disk, is none for other machines to take over.
      if (isNew && log === undefined)
        await Promise.race([closeClaim(claimed!.fleet, claimed!.claim).catch(() => undefined), late])
      await Promise.race([Promise.all([listener?.close(), shipper?.close(), session.close()]), late])
    },
  }
}

/** Why a host ends, for users. */
const endReasons = {
  fenced: 'another machine has claimed it',
  deleted: 'it was deleted',
  diverged: 'its log differs from the one in the cluster',
} as const

/** How long a host waits until a server knows that it listens, ms. */
const listeningMs = 500

/** How long a host of a session that was closed before waits for the cluster, ms. */
const finishStoredMs = 5000

/** Repeats what the cluster does not answer. */
async function retryUntilAnswered(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isFleetError(error) || error.code === 'fenced' || error.code === 'deleted' || error.code === 'closed')
        throw error
      await delay(1000)
    }
  }
}
