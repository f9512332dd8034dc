/** What is known about events that may be missing. Times in ms, on one clock. */
export interface CatchUpFacts {
  /** `seq` of the last event that arrived in its place. */
  lastSeq: number
  /** `seq` of the newest event that is known to exist. */
  knownSeq: number
  /** A message may have been lost since the gateway was asked last. */
  isSuspicious: boolean
  /** Events must follow, sooner or later, or the state is not known. */
  expectsEvents: boolean
  /** When the last event or answer arrived. */
  heardAt: number
  /** When the gateway was asked last. */
  askedAt: number
  /** How often the gateway was asked since an event arrived. */
  asks: number
  /** How often it did not answer since then, or answered that more events exist. */
  fruitlessAsks: number
}

/** `ask`: ask the gateway for the state, and for the events after the last one. `give-up`: asking does not help. */
export type CatchUpPlan = {kind: 'ask'} | {kind: 'give-up'} | {kind: 'wait'; ms: number}

/** The shortest pause between two questions, ms, as noise may arrive at any rate. */
const shortestPauseMs = 1000
/** How long nothing may be heard, ms, before the gateway is asked; twice as long after each answer without news, up to a minute. */
const quietMs = 15_000
const longestQuietMs = 60_000
/** Asking again does not help after so many times. */
const maxFruitlessAsks = 2

/**
 * Decides when to ask a gateway again whether events are missing. A message that was lost in noise leaves a gap, but the gap
 * only shows when a later event arrives, and the lost event may have been the last. Pure.
 */
export function planCatchUp(facts: CatchUpFacts, now: number): CatchUpPlan {
  const {lastSeq, knownSeq, isSuspicious, expectsEvents, heardAt, askedAt, asks, fruitlessAsks} = facts
  const isBehind = knownSeq > lastSeq
  if (!isSuspicious && !isBehind && !expectsEvents) return {kind: 'wait', ms: Infinity}
  const quietAt = heardAt + (isBehind ? quietMs : Math.min(quietMs * 2 ** asks, longestQuietMs))
  // The event that follows noise shows that nothing was lost: it gets a moment to arrive.
  const suspiciousAt = Math.max(askedAt, isBehind ? -Infinity : heardAt) + shortestPauseMs
  const dueAt = isSuspicious ? suspiciousAt : quietAt
  if (now < dueAt) return {kind: 'wait', ms: dueAt - now}
  return {kind: fruitlessAsks >= maxFruitlessAsks ? 'give-up' : 'ask'}
}
