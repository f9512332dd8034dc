import type {Connection} from '@holdfast/rpc'

export interface HeartbeatOptions {
  /** The host has not answered a ping for `timeoutMs`. Called once until `onResponsive`. */
  onUnresponsive: (timeoutMs: number) => void
  /** The host answers again. */
  onResponsive: () => void
  /** The pause between an answer and the next ping, ms. @default 5000 */
  intervalMs?: number
  /** The heartbeat timeout: how long an answer may take, ms. @default 5000 */
  timeoutMs?: number
}

/**
 * Pings a host until the connection closes, and reports when it is unresponsive, because it is stopped or hangs. It does
 * nothing to the host. There is one ping at a time, however long the answer takes, so that pings do not pile up.
 */
export function watchHeartbeat(host: Connection, options: HeartbeatOptions): void {
  const {onUnresponsive, onResponsive, intervalMs = 5000, timeoutMs = 5000} = options
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const after = (ms: number, then: () => void) => {
    timer = setTimeout(() => void (isOver || then()), ms).unref()
  }

  const ping = () => {
    let isUnresponsive = false
    const report = () => {
      isUnresponsive = true
      onUnresponsive(timeoutMs)
    }
    // After this process itself was stalled, timers run before the event loop reads the answer: so wait for one more turn.
    after(timeoutMs, () => after(0, report))
    void host.request('gateway.ping', {}, {timeoutMs: Infinity}).then(
      () => {
        clearTimeout(timer)
        if (isUnresponsive) onResponsive()
        after(intervalMs, ping)
      },
      () => clearTimeout(timer),
    )
  }
  void host.closed.then(() => {
    isOver = true
    clearTimeout(timer)
  })
  after(intervalMs, ping)
}
