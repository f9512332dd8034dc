/** The last lines of sessions, read one after another when they are asked for. */
export interface LastLines {
  /** The line as far as it is known; reads it if events have come since. `latestSeq` is `undefined` where that is not known. */
  of(sessionId: string, latestSeq: number | undefined): string | undefined
  /** Reads no more. */
  stop(): void
}

/** Sessions that wait to be read; more are not read until they are asked for again. */
const maxWaiting = 100

/** `read` may fail: a list is useful without last lines. */
export function createLastLines(
  read: (sessionId: string) => Promise<string | undefined>,
  onChange: () => void,
): LastLines {
  const known = new Map<string, {seq: number | undefined; line: string | undefined}>()
  const waiting = new Map<string, number | undefined>()
  let isReading = false
  let isStopped = false

  const readAll = async () => {
    isReading = true
    for (let [next] = waiting; next !== undefined && !isStopped; [next] = waiting) {
      const [id, seq] = next
      waiting.delete(id)
      const before = known.get(id)
      const line = await read(id).catch(() => before?.line)
      known.set(id, {seq, line})
      if (line !== before?.line && !isStopped) onChange()
    }
    isReading = false
  }
  return {
    of(id, seq) {
      const found = known.get(id)
      const isCurrent = found !== undefined && found.seq === seq
      if (!isCurrent && !isStopped && waiting.size < maxWaiting) {
        waiting.set(id, seq)
        if (!isReading) void readAll()
      }
      return found?.line
    },
    stop() {
      isStopped = true
      waiting.clear()
    },
  }
}
