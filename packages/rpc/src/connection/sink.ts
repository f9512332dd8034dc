import type {Gap, SubscribeOptions} from './connection.ts'
import {isThenable} from '../async/is-thenable.ts'
import {jsonOfNotification} from './notification-text.ts'

export interface Sink {
  /**
   * Hands a message, which came as `text`, to the subscriber, or keeps it while the subscriber is busy. Never waits, never
   * throws.
   */
  deliver(params: unknown, text: string | undefined): void
  /** Nothing is delivered any more. */
  close(): void
}

export interface SinkReport {
  fault(error: unknown, method: string): void
  dropped(): void
  /** One message too many of those that may not be dropped. */
  overflow(method: string): void
}

type Waiting =
  | {kind: 'ordinary' | 'kept'; params: unknown}
  /** Here messages are missing. Until the subscriber gets here, only what must be kept is put behind it. */
  | {kind: 'gap'; gap: {missed: number; from: unknown}}

/** One subscriber, and what waits for it. One that returns no promise is never busy: for it, nothing ever waits. */
export function createSink(
  method: string,
  subscriber: (params: unknown, json?: string) => unknown,
  options: SubscribeOptions,
  report: SinkReport,
): Sink {
  const {maxWaiting = 1000, whenFull = 'pause', merge, keep, onResume, withJson = false} = options
  if (!(maxWaiting >= 1)) throw new RangeError(`Expected \`maxWaiting\` to be at least 1, got \`${maxWaiting}\``)
  const waiting: Waiting[] = []
  const count = {ordinary: 0, kept: 0}
  let gap: {missed: number; from: unknown} | undefined
  let isBusy = false
  let isClosed = false

  function call<Argument>(
    listener: (argument: Argument, json?: string) => unknown,
    argument: Argument,
    json?: string,
  ): void {
    try {
      const outcome = listener(argument, json)
      if (!isThenable(outcome)) return
      isBusy = true
      Promise.resolve(outcome).then(workOff, (error: unknown) => {
        report.fault(error, method)
        workOff()
      })
    } catch (error) {
      report.fault(error, method)
    }
  }

  function workOff(): void {
    isBusy = false
    while (!isBusy && !isClosed) {
      const next = waiting.shift()
      if (next === undefined) return
      if (next.kind === 'gap') resume(next.gap)
      else {
        count[next.kind]--
        call(subscriber, next.params)
      }
    }
  }

  function resume(missed: Gap): void {
    gap = undefined
    if (onResume) call(onResume, missed)
    else report.fault(new Error(`Expected a subscriber that keeps up, got one that missed ${missed.missed}`), method)
  }

  function wait(params: unknown): void {
    if (ask(() => keep?.(params))) {
      if (count.kept < maxWaiting) add('kept', params)
      else report.overflow(method)
    } else if (gap) miss(gap)
    else if (mergeWithLast(params)) return
    else if (count.ordinary < maxWaiting) add('ordinary', params)
    else if (whenFull === 'drop-oldest') {
      dropOldest()
      add('ordinary', params)
    } else {
      gap = {missed: 0, from: params}
      waiting.push({kind: 'gap', gap})
      miss(gap)
    }
  }

  function add(kind: 'ordinary' | 'kept', params: unknown): void {
    waiting.push({kind, params})
    count[kind]++
  }

  function mergeWithLast(params: unknown): boolean {
    const last = waiting.at(-1)
    if (!merge || last?.kind !== 'ordinary') return false
    const merged = ask(() => merge(last.params, params))
    if (merged === undefined) return false
    last.params = merged
    return true
  }

  function dropOldest(): void {
    waiting.splice(
      waiting.findIndex(({kind}) => kind === 'ordinary'),
      1,
    )
    count.ordinary--
    report.dropped()
  }

  function miss(into: {missed: number}): void {
    into.missed++
    report.dropped()
  }

  /** What a function of the user says; `undefined` if it throws. */
  function ask(question: () => unknown): unknown {
    try {
      return question()
    } catch (error) {
      report.fault(error, method)
      return undefined
    }
  }

  return {
    deliver(params, text) {
      if (isClosed) return
      if (isBusy) wait(params)
      else call(subscriber, params, withJson ? jsonOfNotification(method, text) : undefined)
    },
    close() {
      isClosed = true
      waiting.length = 0
    },
  }
}
