import type {SubscribeOptions} from './connection.ts'
import {paramsIn, type RawSubscriber} from './raw-params.ts'
import {createSink, type SinkReport} from './sink.ts'

export interface Subscribers {
  /** Returns a function that ends the subscription. The same function may subscribe more than once. */
  add(method: string, subscriber: (params: unknown) => unknown, options?: SubscribeOptions): () => void
  addRaw(method: string, subscriber: RawSubscriber): () => void
  /** Calls the subscribers in the order in which they subscribed. `text`: what the notification was parsed from. */
  deliver(method: string, params: unknown, text: string | undefined): void
  /** Ends all subscriptions. Slow subscribers still get what waits for them. */
  clear(): void
  /** Ends all subscriptions at once. */
  close(): void
}

interface Subscription {
  deliver(params: unknown, text: string | undefined): void
  close(): void
}

/** The subscribers of a connection, by method. */
export function createSubscribers(report: SinkReport): Subscribers {
  // The lists are replaced, never changed: a subscriber may come or go during a delivery.
  const lists = new Map<string, readonly Subscription[]>()

  function add(method: string, subscription: Subscription): () => void {
    lists.set(method, [...(lists.get(method) ?? []), subscription])
    return () => {
      subscription.close()
      const rest = lists.get(method)?.filter((other) => other !== subscription) ?? []
      if (rest.length > 0) lists.set(method, rest)
      else lists.delete(method)
    }
  }

  function createRawSubscription(method: string, subscriber: RawSubscriber): Subscription {
    let isClosed = false
    return {
      deliver(params, text) {
        if (isClosed) return
        try {
          subscriber(params, paramsIn(method, text))
        } catch (error) {
          report.fault(error, method)
        }
      },
      close() {
        isClosed = true
      },
    }
  }

  return {
    add: (method, subscriber, options = {}) => add(method, createSink(method, subscriber, options, report)),
    addRaw: (method, subscriber) => add(method, createRawSubscription(method, subscriber)),
    deliver(method, params, text) {
      const list = lists.get(method)
      if (list !== undefined) for (const subscription of list) subscription.deliver(params, text)
    },
    clear: () => lists.clear(),
    close() {
      for (const subscription of [...lists.values()].flat()) subscription.close()
      lists.clear()
    },
  }
}
