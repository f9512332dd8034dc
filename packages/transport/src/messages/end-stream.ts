import type {Writable} from 'node:stream'

/** Ends the stream behind its queue. Resolves when the queue was written or was lost, or after the deadline. */
export function endStream(stream: Writable, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, deadlineMs)
    function done(): void {
      clearTimeout(timer)
      stream.off('close', done)
      resolve()
    }
    if (stream.destroyed) return done()
    stream.once('close', done)
    stream.end(done)
  })
}
