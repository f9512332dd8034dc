export interface Resolvers<Value> {
  promise: Promise<Value>
  resolve: (value: Value) => void
}

/** `Promise.withResolvers`, which Node 20 does not have. */
export function withResolvers<Value>(): Resolvers<Value> {
  let resolve!: (value: Value) => void
  const promise = new Promise<Value>((resolvePromise) => (resolve = resolvePromise))
  return {promise, resolve}
}
