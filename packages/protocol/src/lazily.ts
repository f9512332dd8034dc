/** Defers `make` to the first call: a process uses few of the schemas, and building all of them would delay its start. */
export function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}
