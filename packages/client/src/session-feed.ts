import {reduceSession, type SessionEvent, type SessionState, type UnknownEvent} from '@holdfast/protocol'

/** A logged event, read. */
export type LoggedEvent = SessionEvent | UnknownEvent

export interface SessionFeedOptions {
  /** Each event once, in the order of its seq; `wire`: as it came. May not throw. */
  onEvent: (event: LoggedEvent, wire: unknown) => void
  /** Events are missing before one that came. Told once for each place. */
  onGap: () => void
}

/** The events of one session, in order, and what they fold into. */
export interface SessionFeed {
  /** Throws before `begin`. */
  readonly state: SessionState
  /** The seq of the last event that was passed on. */
  readonly lastSeq: number
  /** The seq of the last event that there was at `begin`; 0 before. */
  readonly openedSeq: number
  readonly hasBegun: boolean
  /** Takes the ground on which the events stand: the state after event `latestSeq`. They are passed on after `afterSeq`. */
  begin(state: SessionState, latestSeq: number, afterSeq: number): void
  /** From now until `release`, events that come are held: first there is something else to be told. */
  hold(): void
  release(): void
  /** Takes an event, whatever its place. Events that come before the ground are held. */
  take(event: LoggedEvent, wire: unknown): void
}

export function createSessionFeed(options: SessionFeedOptions): SessionFeed {
  const {onEvent, onGap} = options
  let state: SessionState | undefined
  /** The state holds the events up to here; at the beginning it is ahead of those that came. */
  let stateSeq = 0
  let lastSeq = 0
  let openedSeq = 0
  let lastGap: number | undefined
  let isHolding = true
  let held: [LoggedEvent, unknown][] = []

  const pass = (event: LoggedEvent, wire: unknown) => {
    // A repetition: after a resume, an event may be on its way twice.
    if (event.seq <= lastSeq) return
    if (event.seq > lastSeq + 1) {
      if (lastGap === lastSeq) return
      lastGap = lastSeq
      return onGap()
    }
    lastSeq = event.seq
    if (event.seq > stateSeq) {
      stateSeq = event.seq
      if (event.type !== 'unknown') state = reduceSession(state, event)
    }
    onEvent(event, wire)
  }

  function release(): void {
    isHolding = false
    const events = held
    held = []
    for (const [event, wire] of events) pass(event, wire)
  }

  return {
    get state() {
      if (state === undefined) throw new Error('Expected the session to be open, its state is not known yet')
      return state
    },
    get lastSeq() {
      return lastSeq
    },
    get openedSeq() {
      return openedSeq
    },
    get hasBegun() {
      return state !== undefined
    },
    begin(ground, latestSeq, afterSeq) {
      state = ground
      stateSeq = openedSeq = latestSeq
      lastSeq = afterSeq < 0 ? Math.max(0, latestSeq + afterSeq) : Math.min(afterSeq, latestSeq)
      release()
    },
    hold: () => void (isHolding = true),
    release,
    take(event, wire) {
      if (isHolding) held.push([event, wire])
      else pass(event, wire)
    },
  }
}
