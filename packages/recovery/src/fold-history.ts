import type {LifeEvent} from './life-event.ts'

type EventOf<Kind extends LifeEvent['kind']> = Extract<LifeEvent, {kind: Kind}>

/** What of a history still counts. */
export interface FoldedHistory {
  /** The starts that are charged to the budget, each with the death that caused it, oldest first. */
  restarts: readonly {end: EventOf<'end'>; start: EventOf<'start'>}[]
  /** When the present life came up; undefined when it did not yet, or none lives. */
  ready: EventOf<'ready'> | undefined
  last: LifeEvent | undefined
}

/**
 * Reads a history once, from its oldest event on.
 *
 * Charged is a start that follows a death nobody asked for. A healthy life and a person's retry wipe the slate; age does
 * the rest. Counted are the starts and not the deaths, so that pauses between the two cannot squeeze more restarts into
 * a window than it may hold.
 */
export function foldHistory(
  history: readonly LifeEvent[],
  now: number,
  options: {windowMs: number; healthyMs: number},
): FoldedHistory {
  let restarts: {end: EventOf<'end'>; start: EventOf<'start'>}[] = []
  let death: EventOf<'end'> | undefined
  let ready: EventOf<'ready'> | undefined
  const wasHealthyAt = (at: number) => ready !== undefined && at - ready.at >= options.healthyMs

  for (const event of history) {
    switch (event.kind) {
      case 'start':
        if (death) restarts.push({end: death, start: event})
        death = undefined
        ready = undefined
        break
      case 'ready':
        ready ??= event
        death = undefined
        break
      case 'end':
        if (wasHealthyAt(event.at)) restarts = []
        // A request that comes while a restart is waited for makes that restart a requested one.
        death = event.requested ? undefined : event
        ready = undefined
        break
      case 'retry':
        restarts = []
        death = undefined
        break
    }
  }
  if (wasHealthyAt(now)) restarts = []
  return {
    restarts: restarts.filter(({start}) => now - start.at < options.windowMs),
    ready,
    last: history.at(-1),
  }
}
