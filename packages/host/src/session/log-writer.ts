import {isEventLogError, isReplaced, type EventLog, type EventLogError} from '@holdfast/event-log'
import type {NewEvent} from '@holdfast/protocol'

export interface LogWriterOptions {
  log: EventLog
  /** Called after each commit. */
  onAppend: () => void
  /** Recorded events cannot be saved at the moment. Called after each failed attempt. */
  onNotSaved: (error: EventLogError) => void
  /** All recorded events are saved again. */
  onSaved: () => void
  /** Another process writes the log now. Called at each attempt to write, which throws, too. */
  onReplaced: (error: unknown) => void
  /** A monotonic clock, ms. */
  now: () => number
}

/** The only writer of a log, for a disk that may be full for a while. The log always holds complete events in order. */
export interface LogWriter {
  /** Why recorded events cannot be saved at the moment. */
  readonly saveError: EventLogError | undefined
  /** Commits events that a client requested, or throws and adds nothing. */
  append(events: readonly NewEvent[], durable: boolean): void
  /**
   * Commits events that have happened: at once, or as soon as the disk has room, in order; then calls `onCommitted`. While
   * there is a `saveError`, the caller pauses the sources of events. Throws for a fault that will not pass.
   */
  record(events: () => readonly NewEvent[], durable: boolean, onCommitted?: () => void): void
}

interface Waiting {
  events: () => readonly NewEvent[]
  durable: boolean
  onCommitted: (() => void) | undefined
}

/** The least pause before another attempt to save, ms. */
const retryMs = 1000

/** By how much the pause is longer than the attempt: one that writes a large log back to a disk that is nearly full takes long. */
const pauseRatio = 10

export function createLogWriter(options: LogWriterOptions): LogWriter {
  const {log, onAppend, onNotSaved, onSaved, onReplaced, now} = options
  const waiting: Waiting[] = []
  let saveError: EventLogError | undefined

  const commit = (events: readonly NewEvent[], durable: boolean) => {
    try {
      log.append(events, {durable})
    } catch (error) {
      if (isReplaced(error)) onReplaced(error)
      throw error
    }
    onAppend()
  }

  const commitWaiting = () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const startedAt = now()
      try {
        commit(next.events(), next.durable)
      } catch (error) {
        if (!mayPass(error)) throw error
        saveError = error
        setTimeout(commitWaiting, Math.max(retryMs, pauseRatio * (now() - startedAt)))
        return onNotSaved(error)
      }
      waiting.shift()
      next.onCommitted?.()
    }
    if (saveError === undefined) return
    saveError = undefined
    onSaved()
  }

  return {
    get saveError() {
      return saveError
    },
    append(events, durable) {
      if (saveError !== undefined) throw saveError
      commit(events, durable)
    },
    record(events, durable, onCommitted) {
      waiting.push({events, durable, onCommitted})
      // With more than one, a commit is in progress or waits for room.
      if (waiting.length === 1) commitWaiting()
    },
  }
}

/** Whether the same write may succeed later. */
function mayPass(error: unknown): error is EventLogError {
  // `unknown`: the next attempt overwrites what may be in the log.
  return isEventLogError(error) && (error.code === 'full' || error.code === 'io' || error.code === 'unknown')
}
