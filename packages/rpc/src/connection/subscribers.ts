import type {SubscribeOptions} from './connection.ts'
import {createSink, type Sink, type SinkReport, type Subscriber} from './sink.ts'

export interface Subscribers {
  /** Returns a function that ends the subscription. The same function may subscribe more than once. */
  add(method: string, subscriber: Subscriber, options?: SubscribeOptions): () => void
  /** Calls the subscribers in the order in which they subscribed. `text`: the notification's JSON text. */
  deliver(method: string, params: unknown, text: string | undefined): void
  /** Ends all subscriptions. Slow subscribers still get the notifications that wait for them. */
  clear(): void
  /** Ends all subscriptions at once. */
  close(): void
}

export function createSubscribers(report: SinkReport): Subscribers {
  // The lists are replaced, never changed: a subscriber may come or go during a delivery.
  const lists = new Map<string, readonly Sink[]>()
  return {
    add(method, subscriber, options = {}) {
      const sink = createSink(method, subscriber, options, report)
      lists.set(method, [...(lists.get(method) ?? []), sink])
      return () => {
        sink.close()
        const rest = lists.get(method)?.filter((other) => other !== sink) ?? []
        if (rest.length > 0) lists.set(method, rest)
        else lists.delete(method)
      }
    },
    deliver(method, params, text) {
      const list = lists.get(method)
      if (list !== undefined) for (const sink of list) sink.deliver(params, text)
    },
    clear: () => lists.clear(),
    close() {
      for (const sink of [...lists.values()].flat()) sink.close()
      lists.clear()
    },
  }
}
