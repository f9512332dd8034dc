import type {SubscribeOptions} from './connection.ts'
import {createSink, type Sink, type SinkReport} from './sink.ts'

export interface Subscribers {
  /** Returns the function that ends the subscription. The same function may subscribe many times. */
  add(method: string, subscriber: (params: unknown, json?: string) => unknown, options?: SubscribeOptions): () => void
  /**
   * Tells all of them, in the order in which they subscribed. One that throws does not stop the others. `text`: the message
   * as it came.
   */
  deliver(method: string, params: unknown, text: string | undefined): void
  /** Nothing new comes; those who are slow get what waits for them. */
  clear(): void
  /** Nobody is told of anything any more. */
  close(): void
}

/** Who wants to be told of which notification. */
export function createSubscribers(report: SinkReport): Subscribers {
  // The lists are replaced, never changed: a subscriber may come or go while a message is delivered.
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
