/** Reads again only what is older than `ms`; all who ask meanwhile get the same. A failure is not kept. */
export function keepShortly<Value>(ms: number, read: () => Promise<Value>): () => Promise<Value> {
  let kept: {value: Promise<Value>; at: number} | undefined
  return async () => {
    const now = performance.now()
    if (kept === undefined || now - kept.at > ms) {
      const mine = {value: read(), at: now}
      kept = mine
      mine.value.catch(() => {
        if (kept === mine) kept = undefined
      })
    }
    return await kept.value
  }
}
