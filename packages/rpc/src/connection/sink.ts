import {isThenable} from '../async/is-thenable.ts'
import type {Gap, SubscribeOptions} from './connection.ts'

/** `text`: the notification's JSON text, unless the notification had to wait or the transport does not know the text. */
export type Subscriber = (params: unknown, text: string | undefined) => unknown

export interface Sink {
  /** Calls the subscriber, or keeps the message while the subscriber is busy. Never throws. */
  deliver(params: unknown, text: string | undefined): void
  /** Delivers nothing more, and drops waiting notifications. */
  close(): void
}

export interface SinkReport {
  fault(error: unknown, method: string): void
  /** A message was missed. */
  dropped(): void
  /** There is no room for another message that must be kept. */
  overflow(method: string): void
}

type Waiting =
  | {kind: 'ordinary' | 'kept'; params: unknown}
  /** The place where messages are missing. Until the subscriber gets here, only messages that must be kept wait behind it. */
  | {kind: 'gap'; gap: Gap}

/** The queue of one subscriber. It stays empty unless the subscriber returns promises. */
export function createSink(
  method: string,
  subscriber: Subscriber,
  options: SubscribeOptions,
  report: SinkReport,
): Sink {
  const {maxWaiting = 1000, merge, keep, onResume} = options
  if (!(maxWaiting >= 1)) throw new RangeError(`Expected \`maxWaiting\` to be at least 1, got \`${maxWaiting}\``)
  const waiting: Waiting[] = []
  const count = {ordinary: 0, kept: 0}
  let gap: Gap | undefined
  let isBusy = false
  let isClosed = false

  function call<Argument>(
    listener: (argument: Argument, text: string | undefined) => unknown,
    argument: Argument,
    text?: string,
  ): void {
    try {
      const outcome = listener(argument, text)
      if (!isThenable(outcome)) return
      isBusy = true
      Promise.resolve(outcome).then(deliverWaiting, (error: unknown) => {
        report.fault(error, method)
        deliverWaiting()
      })
    } catch (error) {
      report.fault(error, method)
    }
  }

  function deliverWaiting(): void {
    isBusy = false
    while (!isBusy && !isClosed) {
      const next = waiting.shift()
      if (next === undefined) return
      if (next.kind === 'gap') endGap(next.gap)
      else {
        count[next.kind]--
        call(subscriber, next.params)
      }
    }
  }

  function endGap(ended: Gap): void {
    gap = undefined
    if (onResume) call(onResume, ended)
    else
      report.fault(new Error(`A slow subscriber missed ${ended.missed} messages: handle them in \`onResume\``), method)
  }

  function wait(params: unknown): void {
    if (attempt(() => keep?.(params))) {
      if (count.kept < maxWaiting) add('kept', params)
      else report.overflow(method)
    } else if (gap) miss(gap)
    else if (mergeIntoLast(params)) return
    else if (count.ordinary < maxWaiting) add('ordinary', params)
    else {
      gap = {missed: 0, from: params}
      waiting.push({kind: 'gap', gap})
      miss(gap)
    }
  }

  function add(kind: 'ordinary' | 'kept', params: unknown): void {
    waiting.push({kind, params})
    count[kind]++
  }

  function mergeIntoLast(params: unknown): boolean {
    const last = waiting.at(-1)
    if (!merge || last?.kind !== 'ordinary') return false
    const merged = attempt(() => merge(last.params, params))
    if (merged === undefined) return false
    last.params = merged
    return true
  }

  function miss(into: Gap): void {
    into.missed++
    report.dropped()
  }

  /** The result of a function of the user; `undefined` if it throws. */
  function attempt(userFunction: () => unknown): unknown {
    try {
      return userFunction()
    } catch (error) {
      report.fault(error, method)
      return undefined
    }
  }

  return {
    deliver(params, text) {
      if (isClosed) return
      if (isBusy) wait(params)
      else call(subscriber, params, text)
    },
    close() {
      isClosed = true
      waiting.length = 0
    },
  }
}
