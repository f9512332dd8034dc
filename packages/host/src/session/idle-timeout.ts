export interface IdleTimeoutOptions {
  /** Whether a prompt runs or waits, or a client watches. */
  isBusy: () => boolean
  /** Called once, after `idleMs` without a busy moment. */
  onIdle: () => void
  /** @default 86_400_000 (24 h) */
  idleMs?: number | undefined
  /** A monotonic clock, ms. @default performance.now, which stands still while the machine sleeps */
  now?: () => number
}

const dayMs = 24 * 60 * 60 * 1000

/** How often to check, ms: rarely, so that an idle host hardly uses the processor. */
const checkEveryMs = 60_000

/** Waits until a session was idle for `idleMs`. Does not keep the process alive. */
export function watchIdleTimeout(options: IdleTimeoutOptions): void {
  const {isBusy, onIdle, idleMs = dayMs, now = () => performance.now()} = options
  let idleSince: number | undefined
  const timer = setInterval(check, Math.min(checkEveryMs, idleMs))
  timer.unref()
  check()

  function check(): void {
    idleSince = isBusy() ? undefined : (idleSince ?? now())
    if (idleSince === undefined || now() - idleSince < idleMs) return
    clearInterval(timer)
    onIdle()
  }
}
