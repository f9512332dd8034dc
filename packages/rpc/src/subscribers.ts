import {isThenable} from './is-thenable.ts'

export type Subscriber = (params: unknown) => void

export interface Subscribers {
  /** Returns the function that ends the subscription. The same function may subscribe many times. */
  add(method: string, subscriber: Subscriber): () => void
  /** Tells all of them, in the order in which they subscribed. One that throws does not stop the others. */
  deliver(method: string, params: unknown): void
}

/** Who wants to be told of which notification. `onThrow` hears of a subscriber that threw. */
export function createSubscribers(onThrow: (error: unknown, method: string) => void): Subscribers {
  // The lists are replaced, never changed: a subscriber may come or go while a message is delivered.
  const lists = new Map<string, readonly {subscriber: Subscriber | undefined}[]>()
  return {
    add(method, subscriber) {
      const entry: {subscriber: Subscriber | undefined} = {subscriber}
      lists.set(method, [...(lists.get(method) ?? []), entry])
      return () => {
        entry.subscriber = undefined
        const rest = lists.get(method)?.filter((other) => other !== entry) ?? []
        if (rest.length > 0) lists.set(method, rest)
        else lists.delete(method)
      }
    },
    deliver(method, params) {
      for (const entry of lists.get(method) ?? []) {
        try {
          const outcome: unknown = entry.subscriber?.(params)
          // One that is async after all must not end the process when it rejects.
          if (isThenable(outcome)) outcome.then(undefined, (error: unknown) => onThrow(error, method))
        } catch (error) {
          onThrow(error, method)
        }
      }
    },
  }
}
