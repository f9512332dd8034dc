import {EventLogError, isReplaced, type EventLog} from '@holdfast/event-log'
import type {NewEvent} from '@holdfast/protocol'

export interface LogWriterOptions {
  log: EventLog
  /** After each commit. */
  onAppend: () => void
  /** What has happened cannot be saved at this moment; told again each time that it was tried in vain. */
  onNotSaved: (error: EventLogError) => void
  /** All that has happened is saved, after it was not. */
  onSaved: () => void
  /** Somebody else writes the log now; told each time that it was tried. The attempt throws, too. */
  onReplaced: (error: unknown) => void
  /** How long to wait before it is tried again, ms. @default 1000 */
  retryMs?: number
}

/** The only writer of a log, on a disk that may be full for a while. What is in the log is always whole, and in order. */
export interface LogWriter {
  /** Why nothing can be saved at this moment. */
  readonly trouble: EventLogError | undefined
  /** Commits, or throws and adds nothing: for what was asked by somebody, who can be told. */
  append(events: readonly NewEvent[], durable: boolean): void
  /**
   * Commits, at once or as soon as there is room, then calls `onCommitted`: for what has happened. Whoever calls it stops
   * what makes more, as long as there is trouble. Throws for a fault that will not go away.
   */
  record(events: () => readonly NewEvent[], durable: boolean, onCommitted?: () => void): void
}

interface Waiting {
  events: () => readonly NewEvent[]
  durable: boolean
  onCommitted: (() => void) | undefined
}

export function createLogWriter(options: LogWriterOptions): LogWriter {
  const {log, onAppend, onNotSaved, onSaved, onReplaced, retryMs = 1000} = options
  const waiting: Waiting[] = []
  let trouble: EventLogError | undefined

  const commit = (events: readonly NewEvent[], durable: boolean) => {
    try {
      log.append(events, {durable})
    } catch (error) {
      if (isReplaced(error)) onReplaced(error)
      throw error
    }
    onAppend()
  }

  /** Commits what waits, in order, as far as it goes. */
  const commitWaiting = () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      try {
        commit(next.events(), next.durable)
      } catch (error) {
        if (!mayPass(error)) throw error
        trouble = error
        setTimeout(commitWaiting, retryMs)
        return onNotSaved(error)
      }
      waiting.shift()
      next.onCommitted?.()
    }
    if (trouble === undefined) return
    trouble = undefined
    onSaved()
  }

  return {
    get trouble() {
      return trouble
    },
    append(events, durable) {
      if (trouble !== undefined) throw trouble
      commit(events, durable)
    },
    record(events, durable, onCommitted) {
      waiting.push({events, durable, onCommitted})
      // Those before it are being committed, or wait for room.
      if (waiting.length === 1) commitWaiting()
    },
  }
}

/** It is not the fault of what is written, nor of the log. */
function mayPass(error: unknown): error is EventLogError {
  return error instanceof EventLogError && (error.code === 'full' || error.code === 'io')
}
