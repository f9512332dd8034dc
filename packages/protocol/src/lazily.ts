/** Makes a value when it is asked for first: of all schemas, most processes use a few. */
export function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}
