/** Runs work at once, or when other work is done: at most `max` at a time, in the order of the calls. */
export function limitConcurrency(max: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place goes to the next one, so that no later call can take it.
      if (next === undefined) running--
      else next()
    }
  }
}
