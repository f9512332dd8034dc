import {reduceSession, type NewEvent, type SessionEvent, type SessionState} from '@holdfast/protocol'

import {promptIdOf, type EventLog} from './event-log.ts'
import {resolveRange, cutToRange, type EventRange} from './event-range.ts'

export interface MemoryLogOptions {
  sessionId: string
  /** Epoch ms. @default Date.now */
  now?: () => number
}

/** Creates a log in memory, for tests and for sessions that need no file. Its size has no bound. */
export function createMemoryLog(options: MemoryLogOptions): EventLog {
  const {sessionId, now = Date.now} = options
  const events: SessionEvent[] = []
  let state: SessionState | undefined

  const read = (range: EventRange = {}) => {
    const resolved = resolveRange(range, events.length)
    const found = events.slice(resolved.first - 1, resolved.last)
    const {types} = resolved
    return cutToRange(types === undefined ? found : found.filter(({type}) => types.includes(type)), resolved)
  }

  return {
    sessionId,
    get latestSeq() {
      return events.length
    },
    append(added: readonly NewEvent[]) {
      const at = now()
      // Like a file, it rejects what JSON cannot hold, and later changes of `added` do not reach it.
      const copied = JSON.parse(JSON.stringify(added)) as NewEvent[]
      const numbered = copied.map((event, index) => ({
        ...event,
        session_id: sessionId,
        seq: events.length + index + 1,
        at,
      }))
      state = numbered.reduce<SessionState | undefined>(reduceSession, state)
      events.push(...numbered)
      return numbered
    },
    read,
    readEncoded: (range) => read(range).map((event) => ({event, json: JSON.stringify(event)})),
    readPrompt(promptId) {
      return events.filter(
        (event) => event.type !== 'message.delta' && event.type !== 'prompt.updated' && promptIdOf(event) === promptId,
      )
    },
    readStartedPrompts({beforeSeq = Infinity, maxEvents = 1000, maxTextLength = Infinity} = {}) {
      const last = Math.min(beforeSeq - 1, events.length)
      return events
        .slice(Math.max(0, last - maxEvents), last)
        .filter((event) => event.type === 'message.start')
        .map(({seq, at, payload: {prompt_id, text, cwd}}) => ({seq, promptId: prompt_id, at, text, cwd}))
        .filter(({text}) => text.length <= maxTextLength)
        .reverse()
    },
    state: () => state,
    checkpoint() {},
    close() {},
  }
}
