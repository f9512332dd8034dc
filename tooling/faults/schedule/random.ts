/** Pseudo-random numbers, the same for the same seed (mulberry32). */
export interface Random {
  /** From `low` to `high`, both inclusive. */
  integer(low: number, high: number): number
  pick<Value>(values: readonly [Value, ...Value[]]): Value
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1))
  return {integer, pick: (values) => values[integer(0, values.length - 1)] ?? values[0]}
}
