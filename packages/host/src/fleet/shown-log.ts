import type {EventLog} from '@holdfast/event-log'
import {reduceSession, type SessionState} from '@holdfast/protocol'

/** The part of a log that clients see. */
export type ShownLog = Pick<EventLog, 'latestSeq' | 'readEncoded' | 'state'>

/** A log that ends with the last event that the cluster has, whatever follows. `seq`: of that event. */
export function createShownLog(log: EventLog, seq: () => number): ShownLog {
  /** What the events up to `stateSeq` reduce to. */
  let state: SessionState | undefined
  let stateSeq = 0

  const latestSeq = () => Math.min(seq(), log.latestSeq)
  return {
    get latestSeq() {
      return latestSeq()
    },
    readEncoded: (range = {}) =>
      log.readEncoded({...range, beforeSeq: Math.min(range.beforeSeq ?? Infinity, latestSeq() + 1)}),
    state() {
      const last = latestSeq()
      // Mostly the cluster has all of them: then nothing has to be read.
      if (last === log.latestSeq) {
        state = log.state()
        stateSeq = last
      }
      while (stateSeq < last) {
        const events = log.read({afterSeq: stateSeq, beforeSeq: last + 1})
        if (events.length === 0) break
        state = events.reduce<SessionState | undefined>(reduceSession, state)
        stateSeq = events.at(-1)!.seq
      }
      return state
    },
  }
}
