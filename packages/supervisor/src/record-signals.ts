import type {Breadcrumbs} from '@holdfast/breadcrumbs'

/**
 * For a short-lived command that does not end in order: records the signals that end it, calls `onEnd`, and lets them end
 * it. A signal that others listen to as well is left to them; SIGINT is then not recorded, as it may be meant for what
 * runs in the command.
 */
export function recordSignals(breadcrumbs: Breadcrumbs, onEnd: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const listener = () => {
      const isOurs = process.listenerCount(signal) === 1
      if (isOurs || signal !== 'SIGINT') breadcrumbs.record('ending', {cause: 'signal', signal})
      if (!isOurs) return
      onEnd()
      process.off(signal, listener)
      process.kill(process.pid, signal)
    }
    process.on(signal, listener)
  }
}
