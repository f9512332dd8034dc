/**
 * Calls a function of the user. What it throws is thrown outside of us, as an error that nobody caught: so it cannot
 * break what we do, and is not hidden.
 */
export function callOut(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
