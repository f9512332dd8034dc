/** Adds an entry; forgets the oldest one where there would be more than `max`. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.set(key, value)
  if (map.size <= max) return
  const [oldest = key] = map.keys()
  map.delete(oldest)
}
