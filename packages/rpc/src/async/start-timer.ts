/** The longest delay that a timer can have, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** A timer that is later than this says that the whole process stood still, ms: then messages may lie unread. */
const STALL_MS = 500

/**
 * Calls back once after `ms` (`Infinity`: never), unless the function that it returns was called before. After a stall of
 * this process, timers run before the streams are read; then it goes once around the event loop first.
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
    else if (lateMs > STALL_MS) timer = setTimeout(callback, 0)
    else callback()
  }

  return () => clearTimeout(timer)
}
