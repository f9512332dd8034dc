import type {LoggedEvent} from '@holdfast/protocol'

import {withResolvers} from './with-resolvers.ts'

export interface EventsOptions {
  /** Starts after this event. Negative: with that many of the last events. @default the `afterSeq` of `openSession` */
  afterSeq?: number
  /** Ends the loop, without an error. */
  signal?: AbortSignal
}

/** How many events wait in memory for a slow loop, and how many one request reads from the log. */
export const maxBufferedEvents = 256

/** Where the loops of one session get their events from. */
export interface EventSource {
  /** `seq` of the newest event that is known to exist. */
  readonly lastSeq: number
  /** The session is closed: no event follows `lastSeq`. */
  readonly isClosed: boolean
  /** Reads the events after `afterSeq` from the log, at most `maxBufferedEvents`. Gives up when the signal aborts. */
  read(afterSeq: number, signal: AbortSignal): Promise<readonly LoggedEvent[]>
}

/** All loops over the events of one session. */
export interface SessionEvents {
  open(afterSeq: number, signal?: AbortSignal): AsyncIterableIterator<LoggedEvent, undefined>
  /** Offers a new event to each loop. */
  push(event: LoggedEvent): void
  /** `isClosed` changed. */
  wake(): void
  /** Ends all loops at once, and later ones. */
  stop(): void
}

type Loop = Pick<SessionEvents, 'push' | 'wake' | 'stop'> & {iterator: ReturnType<SessionEvents['open']>}

export function createSessionEvents(source: EventSource): SessionEvents {
  const loops = new Set<Loop>()
  let hasStopped = false
  return {
    open(afterSeq, signal) {
      const loop = createLoop(source, afterSeq, () => {
        loops.delete(loop)
        signal?.removeEventListener('abort', loop.stop)
      })
      loops.add(loop)
      if (hasStopped || signal?.aborted === true) loop.stop()
      else signal?.addEventListener('abort', loop.stop)
      return loop.iterator
    },
    push(event) {
      for (const loop of loops) loop.push(event)
    },
    wake() {
      for (const loop of loops) loop.wake()
    },
    stop() {
      hasStopped = true
      for (const loop of loops) loop.stop()
    },
  }
}

function createLoop(source: EventSource, afterSeq: number, onStop: () => void): Loop {
  const stopping = new AbortController()
  /** `seq` of the last event that the loop took. */
  let takenSeq = afterSeq
  /** The events after `takenSeq`, without a gap. */
  let buffer: LoggedEvent[] = []
  let reading: Promise<void> | undefined
  let failure: {error: unknown} | undefined
  let changed = withResolvers<void>()
  let pending: Promise<unknown> = Promise.resolve()

  const wake = () => {
    changed.resolve()
    changed = withResolvers()
  }

  const stop = () => {
    buffer = []
    stopping.abort()
    onStop()
    wake()
  }

  const readOn = async () => {
    try {
      const events = await source.read(takenSeq, stopping.signal)
      if (stopping.signal.aborted) return
      // A loop that read anything else would never get further.
      const seq = events[0]?.seq
      if (seq !== takenSeq + 1)
        throw new Error(`Expected event ${takenSeq + 1} of the log, got ${seq === undefined ? 'none' : `event ${seq}`}`)
      buffer = [...events]
    } catch (error) {
      failure = {error}
    } finally {
      reading = undefined
      wake()
    }
  }

  const take = async (): Promise<IteratorResult<LoggedEvent, undefined>> => {
    while (!stopping.signal.aborted) {
      const event = buffer.shift()
      if (event !== undefined) {
        takenSeq = event.seq
        return {done: false, value: event}
      }
      if (failure !== undefined) throw failure.error
      if (takenSeq < source.lastSeq) reading ??= readOn()
      else if (source.isClosed) stop()
      // One promise for all reasons to wake up: a race with a long-lived promise would keep memory for each round.
      if (!stopping.signal.aborted) await changed.promise
    }
    return {done: true, value: undefined}
  }

  const takeOrStop = () =>
    take().catch((error: unknown) => {
      stop()
      throw error
    })

  return {
    push(event) {
      const expectedSeq = (buffer.at(-1)?.seq ?? takenSeq) + 1
      // What does not fit is read from the log when the loop gets there.
      if (event.seq === expectedSeq && buffer.length < maxBufferedEvents) buffer.push(event)
      wake()
    },
    wake,
    stop,
    iterator: {
      next() {
        // One after another: two calls at a time would read the same events.
        const next = pending.then(takeOrStop, takeOrStop)
        pending = next
        return next
      },
      async return() {
        stop()
        return {done: true, value: undefined}
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}
