export interface IdleTimeoutOptions {
  /** Something runs or waits in the session, or somebody looks at it. */
  isBusy: () => boolean
  /** It was idle for so long, without a break. Called once. */
  onIdle: () => void
  /** How long, ms. @default 86_400_000 (24 h) */
  idleMs?: number | undefined
  /** ms, never set back. @default performance.now: the sleep of the machine does not count */
  now?: () => number
}

const dayMs = 24 * 60 * 60 * 1000

/** How often to look, ms: a host that sleeps is hardly woken. */
const lookEveryMs = 60_000

/** Watches for a session that nobody needs any more: it loses nothing by losing its host. Does not keep the process alive. */
export function watchIdleTimeout(options: IdleTimeoutOptions): void {
  const {isBusy, onIdle, idleMs = dayMs, now = () => performance.now()} = options
  let idleSince: number | undefined
  const timer = setInterval(look, Math.min(lookEveryMs, idleMs))
  timer.unref()
  look()

  function look(): void {
    idleSince = isBusy() ? undefined : (idleSince ?? now())
    if (idleSince === undefined || now() - idleSince < idleMs) return
    clearInterval(timer)
    onIdle()
  }
}
