import type {EventLog} from '@holdfast/event-log'

import type {Claim} from '../claim/plan-claim.ts'
import {readTakeOver} from '../claim/read-take-over.ts'
import {FleetError} from '../fleet-error.ts'
import type {LogEnvelope} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {deletedMark, lastLog, publishMessage, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects} from '../stream/subjects.ts'
import {cutMessages, type LogMessage} from './cut-messages.ts'
import {advance, judgeDelivery, retryDelayMs, type Position} from './plan-shipping.ts'

export type ShipperState =
  /** It sends, or has sent all. */
  | {kind: 'shipping'}
  /** It tries again later: the cluster is away, is full, or refuses this machine. */
  | {kind: 'waiting'; error: Error; failures: number}
  /**
   * For good. Another machine has claimed the session. The events after `through` are in the log of this machine only;
   * `undefined` if the other one has not said yet where it goes on.
   */
  | {kind: 'fenced'; machine: string; epoch: number; through: number | undefined}
  /** For good. The session was deleted in the cluster. */
  | {kind: 'deleted'}
  /** For good. */
  | {kind: 'closed'}

export interface ShipperOptions {
  /** Called after each change of the state. */
  onState?: ((state: ShipperState) => void) | undefined
  /** Called when the cluster has more events than before. */
  onReplicated?: ((seq: number) => void) | undefined
}

/** The part of a log that the shipper needs. */
export type ReadableLog = Pick<EventLog, 'latestSeq' | 'readEncoded'>

/** Sends the events of a log to the cluster, in their order. */
export interface Shipper {
  /** The cluster has all events up to this one, and nobody had claimed the session before. */
  readonly replicatedSeq: number
  readonly state: ShipperState
  /** Call it after each append. */
  wake(): void
  /** Asks now whether another machine has claimed the session. Call it when this machine may have stood still. */
  check(): void
  /** Resolves once the cluster has event `seq`. Rejects with a `FleetError` `fenced`, `deleted` or `closed`. */
  replicated(seq: number): Promise<void>
  /** Stops after the message that is on its way. */
  close(): Promise<void>
}

/**
 * Starts to send the events of a log after those that the cluster has. It holds one message of at most 256 KiB, or one event, in
 * memory: while the cluster is away, it keeps nothing, and reads on from the log when it is back.
 *
 * Throws a `FleetError`: `behind` if the log lacks events that the cluster has, `diverged` if it has other events than the cluster.
 */
export function startShipper(fleet: Fleet, claim: Claim, log: ReadableLog, options: ShipperOptions = {}): Shipper {
  requireSameEvents(claim, log)
  const {onState, onReplicated} = options
  const subjects = sessionSubjects(fleet.name, fleet.shards, claim.sessionId)
  const waiters = new Set<{seq: number; resolve: () => void; reject: (error: FleetError) => void}>()
  let position: Position = {
    epoch: claim.epoch,
    sequence: claim.sequence,
    through: claim.through,
    throughAt: claim.throughAt,
  }
  let replicatedSeq = claim.through
  let state: ShipperState = {kind: 'shipping'}
  /** The message to send, which is sent again until it is stored, and the pieces after it. */
  let message: LogMessage | undefined
  let outgoing: Iterator<LogMessage, undefined> | undefined
  /** Whether `message` was sent, and may be stored. */
  let isUnknown = false
  let mustCheck = false
  let failures = 0
  let refusals = 0
  let rouse: () => void = () => {}

  const isEnded = () => state.kind !== 'shipping' && state.kind !== 'waiting'
  const enter = (next: ShipperState) => {
    if (isEnded() || (next.kind === 'shipping' && state.kind === 'shipping')) return
    state = next
    if (isEnded()) {
      for (const {reject} of waiters) reject(endedError(state, claim.sessionId))
      waiters.clear()
    }
    rouse()
    // What the caller throws there must not stop the shipper.
    queueMicrotask(() => onState?.(next))
  }

  /** Waits for `wake`, `check`, the end, or the time. */
  const rest = async (ms?: number) => {
    const {promise, resolve} = Promise.withResolvers<void>()
    rouse = resolve
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
    await promise
    clearTimeout(timer)
    rouse = () => {}
  }

  const beFenced = async () => {
    const {machine, epoch, through, state: next} = await readTakeOver(fleet, claim.sessionId, claim.epoch)
    if (next === 'deleted') return enter({kind: 'deleted'})
    enter({kind: 'fenced', machine, epoch, through})
  }

  const confirm = async () => {
    // What is stored now counts if nobody has claimed the session by now.
    const {through} = position
    const wasAsked = mustCheck
    mustCheck = false
    if ((await winningClaim(fleet, subjects, claim.epoch + 1)) !== undefined) return beFenced()
    // Deleting the session may remove the claim after this one, so a check looks for the mark, too. After a mere acknowledgement, there is
    // no need to: the events of a deleted session do not matter.
    if (wasAsked && (await deletedMark(fleet, subjects)) !== undefined) return beFenced()
    if (through === replicatedSeq) return
    replicatedSeq = through
    for (const waiter of waiters) {
      if (waiter.seq > through) continue
      waiters.delete(waiter)
      waiter.resolve()
    }
    queueMicrotask(() => onReplicated?.(through))
  }

  /** Takes the next message from the log, if there is none. */
  const nextMessage = () => {
    outgoing ??= cutMessages(
      log.readEncoded({afterSeq: position.through, maxBytes: fleet.maxBodyBytes, frames: true}),
      {maxBytes: fleet.maxBodyBytes, throughAt: position.throughAt},
    )
    const next = outgoing.next().value
    if (next === undefined) outgoing = undefined
    return next
  }

  const beStored = ({part}: LogMessage, sequence: number) => {
    position = advance(position, part, sequence)
    message = undefined
    isUnknown = false
    refusals = 0
  }

  const findOut = async (sent: LogMessage) => {
    const found = judgeDelivery(sent.part, await lastLog(fleet, subjects), claim.epoch)
    if (found.kind === 'deleted') return enter({kind: 'deleted'})
    if (found.kind === 'replaced') return beFenced()
    if (found.kind === 'stored') return beStored(sent, found.sequence)
    position = {...position, sequence: found.sequence}
    isUnknown = false
  }

  const send = async ({part, body}: LogMessage) => {
    const after = position.sequence
    const {epoch, machine} = claim
    const envelope: LogEnvelope = {v: 1, kind: 'log', epoch, machine, after, ...part}
    isUnknown = true
    const sequence = await publishMessage(fleet, {subject: subjects.log, envelope, body, after})
    if (isEnded()) return
    if (sequence !== 'refused') return beStored({part, body}, sequence)
    // Normally there is another last message. If there is not, the servers disagree: no reason to ask them without a pause.
    if (++refusals > 1)
      throw new FleetError('unreachable', 'The servers of the cluster disagree about its last message')
  }

  const isIdle = () =>
    !isEnded() && !mustCheck && position.through === replicatedSeq && log.latestSeq === position.through

  const step = async () => {
    if (message !== undefined && isUnknown) return findOut(message)
    if (mustCheck || position.through > replicatedSeq) return confirm()
    message ??= nextMessage()
    if (message !== undefined) await send(message)
    // Only what was stored is a success: a full stream answers, too.
    if (message !== undefined) return
    failures = 0
    enter({kind: 'shipping'})
    if (isIdle()) await rest()
  }

  const run = async () => {
    while (!isEnded()) {
      try {
        await step()
      } catch (error) {
        failures++
        mustCheck = true
        enter({kind: 'waiting', error: error as Error, failures})
        if (!isEnded()) await rest(retryDelayMs(failures, Math.random()))
      }
    }
  }
  const stopListening = fleet.onReconnect(() => rouse())
  const done = run().finally(stopListening)

  const wakeUp = () => {
    // While the cluster is away, new events are no reason to try earlier.
    if (state.kind === 'shipping') rouse()
  }
  return {
    get replicatedSeq() {
      return replicatedSeq
    },
    get state() {
      return state
    },
    wake: wakeUp,
    check() {
      mustCheck = true
      rouse()
    },
    replicated(seq) {
      if (seq <= replicatedSeq) return Promise.resolve()
      if (isEnded()) return Promise.reject(endedError(state, claim.sessionId))
      return new Promise((resolve, reject) => waiters.add({seq, resolve, reject}))
    },
    async close() {
      enter({kind: 'closed'})
      await done
    },
  }
}

function requireSameEvents({sessionId, through, throughAt}: Claim, log: ReadableLog): void {
  if (through === 0) return
  const [last] = log.readEncoded({afterSeq: through - 1, limit: 1})
  if (last === undefined) {
    const message = `The cluster has ${through} events of session ${sessionId}, this log has ${log.latestSeq}: read them back first`
    throw new FleetError('behind', message)
  }
  if (last.event.at === throughAt) return
  const message = `Event ${through} of session ${sessionId} differs from the one in the cluster: move this log away, and read it back`
  throw new FleetError('diverged', message)
}

function endedError(state: ShipperState, sessionId: string): FleetError {
  if (state.kind === 'fenced') {
    return new FleetError('fenced', `Session ${sessionId} has moved to machine ${state.machine}`)
  }
  if (state.kind === 'deleted') return new FleetError('deleted', `Session ${sessionId} was deleted in the cluster`)
  return new FleetError('closed', `Session ${sessionId} is not sent to the cluster any more`)
}
