/** The longest delay that `setTimeout` accepts, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Calls back once after `ms` (`Infinity`: never), and returns a function that cancels the call. Node runs due timers
 * before it reads its streams: after this process was suspended or busy, what the caller waits for may have arrived unread. So a
 * call that comes late waits for one more turn of the event loop.
 */
export function startTimer(ms: number, callback: () => void): () => void {
  if (ms === Infinity) return () => {}
  const dueAt = performance.now() + ms
  let timer = wait(ms)

  function wait(restMs: number) {
    return setTimeout(onTimer, Math.min(Math.ceil(restMs), MAX_TIMER_MS))
  }

  function onTimer(): void {
    const lateMs = performance.now() - dueAt
    if (lateMs < 0) timer = wait(-lateMs)
    else if (lateMs > 0) timer = setTimeout(callback, 0)
    else callback()
  }

  return () => clearTimeout(timer)
}
