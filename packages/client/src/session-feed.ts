import {reduceSession, type LoggedEvent, type SessionState} from '@holdfast/protocol'

export interface SessionFeedOptions {
  /** Receives each event once, in the order of `seq`. `wire`: the event before parsing. Must not throw. */
  onEvent: (event: LoggedEvent, wire: unknown) => void
  /** Event `seq` arrived, but one before it did not. */
  onGap: (seq: number) => void
}

/** Brings the events of one session into order, and keeps its state. */
export interface SessionFeed {
  /** Throws before `begin`. */
  readonly state: SessionState
  /** `seq` of the last event that `onEvent` got. */
  readonly lastSeq: number
  /** The time of that event; `undefined` where another reader has seen it. */
  readonly lastAt: number | undefined
  /** `latestSeq` of `begin`; 0 before. */
  readonly openedSeq: number
  readonly hasBegun: boolean
  /** The state lacks an event that could not be read. */
  readonly isStale: boolean
  /** Sets the state after event `latestSeq`. `onEvent` gets the events after `afterSeq`. */
  begin(state: SessionState, latestSeq: number, afterSeq: number): void
  /** Holds incoming events back until `release`. */
  hold(): void
  /** `areRepeated`: held events come again, in their places, so that a gap between them is none. */
  release(options: {areRepeated: boolean}): void
  /**
   * Takes the gateway's state after event `latestSeq`, where that is the last one that arrived: the state here lacks events
   * that could not be read. Returns whether the state changed.
   */
  adopt(gatewayState: SessionState, latestSeq: number): boolean
  /** Takes an event at any place. Before `begin`, it is held back. */
  take(event: LoggedEvent, wire: unknown): void
}

/** More events are dropped while events are held back. They leave a gap, and are asked for again. */
const maxHeldEvents = 10_000

export function createSessionFeed(options: SessionFeedOptions): SessionFeed {
  const {onEvent, onGap} = options
  let state: SessionState | undefined
  /** The state includes the events up to here. Until the past events have arrived, it is ahead of `lastSeq`. */
  let stateSeq = 0
  let lastSeq = 0
  let lastAt: number | undefined
  let openedSeq = 0
  let isStale = false
  let isHolding = true
  let held: [LoggedEvent, unknown][] = []

  const pass = (event: LoggedEvent, wire: unknown) => {
    // After a resume, an event may arrive twice.
    if (event.seq <= lastSeq) return
    if (event.seq > lastSeq + 1) return onGap(event.seq)
    lastSeq = event.seq
    lastAt = event.at
    if (event.seq > stateSeq) {
      stateSeq = event.seq
      if (event.type === 'unknown') isStale = true
      else state = reduceSession(state, event)
    }
    onEvent(event, wire)
  }

  const release: SessionFeed['release'] = ({areRepeated}) => {
    isHolding = false
    const events = held
    held = []
    for (const [event, wire] of events) {
      if (!areRepeated || event.seq <= lastSeq + 1) pass(event, wire)
    }
  }

  return {
    get state() {
      if (state === undefined) throw new Error('The session is not open yet: its state is unknown')
      return state
    },
    get lastSeq() {
      return lastSeq
    },
    get lastAt() {
      return lastAt
    },
    get openedSeq() {
      return openedSeq
    },
    get hasBegun() {
      return state !== undefined
    },
    get isStale() {
      return isStale
    },
    begin(firstState, latestSeq, afterSeq) {
      state = firstState
      stateSeq = openedSeq = latestSeq
      lastSeq = resolveAfterSeq(afterSeq, latestSeq)
      release({areRepeated: true})
    },
    adopt(gatewayState, latestSeq) {
      if (latestSeq !== lastSeq) return false
      isStale = false
      if (JSON.stringify(gatewayState) === JSON.stringify(state)) return false
      state = gatewayState
      stateSeq = latestSeq
      return true
    },
    hold: () => void (isHolding = true),
    release,
    take(event, wire) {
      if (!isHolding) pass(event, wire)
      else if (held.length < maxHeldEvents) held.push([event, wire])
    },
  }
}

/** The seq that an `afterSeq` means: a negative one counts from the end, one beyond the end is the end. */
export function resolveAfterSeq(afterSeq: number, latestSeq: number): number {
  return afterSeq < 0 ? Math.max(0, latestSeq + afterSeq) : Math.min(afterSeq, latestSeq)
}
