import {completeThrough, type ClaimEnvelope, type LogEnvelope, type Stored} from '../stream/envelope.ts'

/** A session that this machine may write, until another one claims it. */
export interface Claim {
  sessionId: string
  machine: string
  epoch: number
  /** The cluster has all events up to this seq, 0 for none: the log of this machine must have them before it goes on. */
  through: number
  /** The time of event `through`, epoch ms; 0 for none. */
  throughAt: number
  /** The stream sequence of the last message with events. */
  sequence: number
}

export type ClaimResult =
  | {kind: 'won'; claim: Claim}
  /** Another machine, or another process of this one, holds the session. */
  | {kind: 'lost'; machine: string; epoch: number}

/** Whether this process has won an epoch, from the first claim of it in the stream. */
export function isWonBy(winner: ClaimEnvelope, {machine, instance}: {machine: string; instance: string}): boolean {
  return winner.machine === machine && winner.instance === instance
}

/** The last event of the messages that may end what counts. The last message is not always the furthest: it may be a late copy. */
export function furthestOf(logs: readonly LogEnvelope[]): {through: number; at: number} {
  const ends = logs.map((envelope) => ({through: completeThrough(envelope), at: envelope.at}))
  return ends.reduce((a, b) => (b.through > a.through ? b : a), {through: 0, at: 0})
}

/**
 * The first message of an epoch. It has no events: it makes the server refuse what the machine before still sends.
 *
 * `before`: the last messages that count from before the claim, as `lastLogsUpTo` returns them.
 */
export function openingOf(
  before: readonly LogEnvelope[],
  {epoch, machine, after}: {epoch: number; machine: string; after: number},
): LogEnvelope {
  const furthest = furthestOf(before)
  return {
    v: 1,
    kind: 'log',
    epoch,
    machine,
    after,
    first: furthest.through + 1,
    last: furthest.through,
    at: furthest.at,
  }
}

/** What to do about the opening, from the last message with events of the session. */
export function planOpening(
  last: Stored<LogEnvelope> | undefined,
  epoch: number,
): {kind: 'publish'; after: number} | {kind: 'opened'} | {kind: 'replaced'; machine: string; epoch: number} {
  if (last === undefined) return {kind: 'publish', after: 0}
  const {envelope, sequence} = last
  if (envelope.epoch > epoch) return {kind: 'replaced', machine: envelope.machine, epoch: envelope.epoch}
  return envelope.epoch === epoch ? {kind: 'opened'} : {kind: 'publish', after: sequence}
}
