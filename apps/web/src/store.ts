import {useSyncExternalStore} from 'react'

/** A value that components read, and that tells them when it has changed. */
export interface Readable<Value> {
  readonly value: Value
  subscribe(listener: () => void): () => void
}

export interface Store<Value> extends Readable<Value> {
  set(next: Value): void
}

export function createStore<Value>(first: Value): Store<Value> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get value() {
      return value
    },
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export function useStore<Value>(store: Readable<Value>): Value {
  return useSyncExternalStore(store.subscribe, () => store.value)
}
