import {reduceSession, type SessionState} from '@holdfast/protocol'

import type {EventLog} from './event-log.ts'
import type {EventRange} from './event-range.ts'

/** What clients see of a log. */
export type ShownLog = Omit<EventLog, 'append' | 'checkpoint' | 'close'>

/** A log that ends with event `seq()`, whatever follows: in a fleet, with the last event that the cluster has. */
export function createShownLog(log: EventLog, seq: () => number): ShownLog {
  /** What the events up to `stateSeq` reduce to. */
  let state: SessionState | undefined
  let stateSeq = 0

  const latestSeq = () => Math.min(seq(), log.latestSeq)
  const end = (beforeSeq = Infinity) => Math.min(beforeSeq, latestSeq() + 1)
  const upToEnd = ({afterSeq, beforeSeq, ...range}: EventRange = {}): EventRange => ({
    ...range,
    // A range with an end alone keeps the newest events.
    afterSeq: afterSeq ?? (beforeSeq === undefined ? 0 : undefined),
    beforeSeq: end(beforeSeq),
  })
  return {
    sessionId: log.sessionId,
    get latestSeq() {
      return latestSeq()
    },
    read: (range) => log.read(upToEnd(range)),
    readEncoded: (range) => log.readEncoded(upToEnd(range)),
    readPrompt: (promptId) => log.readPrompt(promptId).filter((event) => event.seq <= latestSeq()),
    readStartedPrompts: (range = {}) => log.readStartedPrompts({...range, beforeSeq: end(range.beforeSeq)}),
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
