import type {Breadcrumbs} from '@holdfast/breadcrumbs'

/**
 * For a short-lived command without `handleShutdown`: records SIGINT, SIGTERM and SIGHUP, calls `onSignal`, and lets the
 * signal end the process as usual. Does not end the process where another listener handles the signal; SIGINT is then not
 * even recorded, as it may be meant for the program that the command runs.
 */
export function recordSignals(breadcrumbs: Breadcrumbs, onSignal: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const listener = () => {
      const isOnlyListener = process.listenerCount(signal) === 1
      if (isOnlyListener || signal !== 'SIGINT') breadcrumbs.record('shutdown', {cause: 'signal', signal})
      if (!isOnlyListener) return
      onSignal()
      process.off(signal, listener)
      process.kill(process.pid, signal)
    }
    process.on(signal, listener)
  }
}
