/** Callers that wait for the next instance. */
export interface Waiters<Value> {
  /** Resolves or rejects with the next answer. Rejects with the reason of `signal` when that aborts first. */
  add(signal: AbortSignal | undefined): Promise<Value>
  resolveAll(value: Value): void
  rejectAll(error: Error): void
}

export function createWaiters<Value>(): Waiters<Value> {
  let waiters = new Set<{resolve(value: Value): void; reject(error: Error): void}>()
  const takeAll = () => {
    const taken = waiters
    waiters = new Set()
    return taken
  }
  return {
    add(signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const forget = () => signal?.removeEventListener('abort', abort)
        const waiter = {
          resolve: (value: Value) => (forget(), resolve(value)),
          reject: (error: Error) => (forget(), reject(error)),
        }
        const abort = () => {
          waiters.delete(waiter)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', abort, {once: true})
        waiters.add(waiter)
      })
    },
    resolveAll: (value) => takeAll().forEach((waiter) => waiter.resolve(value)),
    rejectAll: (error) => takeAll().forEach((waiter) => waiter.reject(error)),
  }
}
