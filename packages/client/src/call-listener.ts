/**
 * Calls a callback of the program. An error that it throws becomes an uncaught exception: it is not hidden, and does not
 * interrupt the client.
 */
export function callListener(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
