import type {InstanceEvent} from './instance-event.ts'

type EventOf<Kind extends InstanceEvent['kind']> = Extract<InstanceEvent, {kind: Kind}>

/** An end that nobody asked for. */
export interface Death {
  end: EventOf<'end'>
  /** What came of it: the start that is charged for it, or the request that made the next start free. Else it waits for either. */
  settledBy: EventOf<'start'> | EventOf<'end'> | undefined
}

/** What of a history still counts. */
export interface ReducedHistory {
  /** Those since the last healthy life or retry, oldest first; the one that the history ends with is the last of them. */
  deaths: readonly Death[]
  /** When the present life came up; undefined when it did not yet, or none lives. */
  ready: EventOf<'ready'> | undefined
  /** What was named last. */
  target: string | null | undefined
  last: InstanceEvent | undefined
}

/**
 * Reads a history once, from its oldest event on. A healthy life and a person's retry wipe the slate.
 *
 * Charged is a start that follows a death. Counted against a window are these starts and not the deaths, so that pauses
 * between the two cannot squeeze more restarts into the window than it may hold.
 */
export function reduceHistory(history: readonly InstanceEvent[], now: number, healthyMs: number): ReducedHistory {
  let deaths: Death[] = []
  let ready: EventOf<'ready'> | undefined
  let target: string | null | undefined
  const wasHealthyAt = (at: number) => ready !== undefined && at - ready.at >= healthyMs
  const settleLast = (by: Death['settledBy']) => {
    const last = deaths.at(-1)
    if (last) last.settledBy ??= by
  }

  for (const event of history) {
    if (event.target !== undefined) target = event.target
    switch (event.kind) {
      case 'start':
        // Whatever was before is over, though nobody said so.
        if (wasHealthyAt(event.at)) deaths = []
        settleLast(event)
        ready = undefined
        break
      case 'ready':
        ready ??= event
        break
      case 'end':
        if (wasHealthyAt(event.at)) deaths = []
        // A request that comes while a restart is waited for makes that restart a requested one.
        if (event.requested) settleLast(event)
        else deaths.push({end: event, settledBy: undefined})
        ready = undefined
        break
      case 'retry':
        deaths = []
        break
    }
  }
  if (wasHealthyAt(now)) deaths = []
  return {deaths, ready, target, last: history.at(-1)}
}

/** Whether a death led to a restart that counts against the window at `now`. */
export function isChargedIn(windowMs: number, now: number): (death: Death) => boolean {
  return ({settledBy}) => settledBy?.kind === 'start' && now - settledBy.at < windowMs
}

/** Deaths up to now: a history that does not end with one is read as one that is about to. */
export function countDeaths({deaths, last}: ReducedHistory): number {
  return deaths.at(-1)?.end === last && last !== undefined ? deaths.length : deaths.length + 1
}
