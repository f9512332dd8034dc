import type {Connection} from '@holdfast/rpc'

export interface HeartbeatOptions {
  /** It has not answered for so long, though it was asked. Not told again until `onResponsive`. */
  onUnresponsive: (silentMs: number) => void
  /** It answers again. */
  onResponsive: () => void
  /** The pause between two questions, ms. @default 5000 */
  everyMs?: number
  /** How long an answer may take, ms. @default 5000 */
  answerMs?: number
}

/**
 * Asks a host again and again whether it is there, and tells when it is silent: one that is stopped, or hangs. Nothing is
 * done to it. One question is under way at a time, for as long as the silence takes, so that none pile up. Ends with the
 * connection, and then tells no more.
 */
export function watchHeartbeat(host: Connection, options: HeartbeatOptions): void {
  const {onUnresponsive, onResponsive, everyMs = 5000, answerMs = 5000} = options
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const after = (ms: number, then: () => void) => {
    timer = setTimeout(() => void (isOver || then()), ms).unref()
  }

  const ask = () => {
    let isSilent = false
    const say = () => {
      isSilent = true
      onUnresponsive(answerMs)
    }
    // After a stall of ours, timers come before what lies unread: so it is looked at once more.
    after(answerMs, () => after(0, say))
    void host.request('gateway.ping', {}, {timeoutMs: Infinity}).then(
      () => {
        clearTimeout(timer)
        if (isSilent) onResponsive()
        after(everyMs, ask)
      },
      () => clearTimeout(timer),
    )
  }
  void host.closed.then(() => {
    isOver = true
    clearTimeout(timer)
  })
  after(everyMs, ask)
}
