import type {InstanceEvent} from './instance-event.ts'

type EventOf<Kind extends InstanceEvent['kind']> = Extract<InstanceEvent, {kind: Kind}>

/** An end that was not requested. */
export interface Crash {
  end: EventOf<'end'>
  /** The start that counts as its restart, or the request that made the next start free; undefined until either. */
  settledBy: EventOf<'start'> | EventOf<'end'> | undefined
}

/** The part of a history that still counts. */
export interface ReducedHistory {
  /** The crashes since the last healthy instance or retry, oldest first. */
  crashes: readonly Crash[]
  /** When the current instance became ready; undefined when it did not, or there is none. */
  ready: EventOf<'ready'> | undefined
  target: string | null | undefined
  last: InstanceEvent | undefined
}

/**
 * Reads a history once, from the oldest event on. A healthy instance and a retry reset it.
 *
 * Starts after a crash count against the window, not the crashes, so that a delay between the two cannot squeeze more
 * restarts into the window than it allows.
 */
export function reduceHistory(history: readonly InstanceEvent[], now: number, healthyMs: number): ReducedHistory {
  let crashes: Crash[] = []
  let ready: EventOf<'ready'> | undefined
  let target: string | null | undefined
  const wasHealthyAt = (at: number) => ready !== undefined && at - ready.at >= healthyMs
  const settleLast = (by: Crash['settledBy']) => {
    const last = crashes.at(-1)
    if (last) last.settledBy ??= by
  }

  for (const event of history) {
    if (event.target !== undefined) target = event.target
    switch (event.kind) {
      case 'start':
        // The previous instance is gone, even if no event said so.
        if (wasHealthyAt(event.at)) crashes = []
        settleLast(event)
        ready = undefined
        break
      case 'ready':
        ready ??= event
        break
      case 'end':
        if (wasHealthyAt(event.at)) crashes = []
        // A request during the delay before a restart makes that restart a requested one.
        if (event.requested) settleLast(event)
        else crashes.push({end: event, settledBy: undefined})
        ready = undefined
        break
      case 'retry':
        crashes = []
        break
    }
  }
  if (wasHealthyAt(now)) crashes = []
  return {crashes, ready, target, last: history.at(-1)}
}

/** Whether a crash led to a restart that counts against the window at `now`. */
export function isChargedIn(windowMs: number, now: number): (crash: Crash) => boolean {
  return ({settledBy}) => settledBy?.kind === 'start' && now - settledBy.at < windowMs
}

/** The crashes up to now. A history that does not end with one is treated as if the next one was happening now. */
export function countCrashes({crashes, last}: ReducedHistory): number {
  return crashes.at(-1)?.end === last && last !== undefined ? crashes.length : crashes.length + 1
}
