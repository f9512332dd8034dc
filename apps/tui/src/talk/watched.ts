/** A value whose changes can be waited for. */
export interface Watched<Value> {
  readonly value: Value | undefined
  set(value: Value | undefined): void
  /** Resolves when the value changes. */
  changed(): Promise<void>
}

/** `isSame`: such a value is no change. */
export function createWatched<Value>(isSame: (before: Value, next: Value) => boolean): Watched<Value> {
  let value: Value | undefined
  let change = Promise.withResolvers<void>()
  return {
    get value() {
      return value
    },
    set(next) {
      if (value === next || (value !== undefined && next !== undefined && isSame(value, next))) return
      value = next
      change.resolve()
      change = Promise.withResolvers()
    },
    changed: () => change.promise,
  }
}
