/** Who does something at this moment. */
export interface Causes {
  /** Does work for a client; `undefined` is the user of the machine. */
  during<Value>(by: string | undefined, work: () => Promise<Value>): Promise<Value>
  /** The client, where work is done for one alone. */
  only(): string | undefined
}

export function createCauses(): Causes {
  const current = new Set<{by: string | undefined}>()
  return {
    async during(by, work) {
      const mine = {by}
      current.add(mine)
      try {
        return await work()
      } finally {
        current.delete(mine)
      }
    },
    only() {
      const [first, ...others] = current
      return others.length === 0 ? first?.by : undefined
    },
  }
}
