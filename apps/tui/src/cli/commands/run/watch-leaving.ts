import {constants} from 'node:os'

import {graces, onSignals} from '@holdfast/supervisor'

/** This process ends, but the command may keep running. */
export type Left = {kind: 'left'; exitCode: number} | {kind: 'timed-out'; exitCode: number}

export interface LeavingOptions {
  /** @default none */
  timeoutMs: number | undefined
  /** Passes Ctrl-C on; `false`: there is nothing to interrupt, or it cannot be reached. */
  interrupt: () => Promise<boolean>
}

export interface Leaving {
  readonly left: Promise<Left>
  /** Whether the process is about to exit. */
  readonly isEnding: boolean
  /** Cancels the timeout. */
  stopTimer(): void
  /** The process is about to exit: from now on, a signal ends it at once. */
  end(): void
}

/** The exit code of timeout(1). */
const timedOutExitCode = 124

/**
 * Ends `run` before its command has ended: on a signal or a timeout. The process then exits within 1 s, even if something
 * hangs, and at once on a second signal. A second SIGHUP does not count: a closed terminal sends two.
 */
export function watchLeaving({timeoutMs, interrupt}: LeavingOptions): Leaving {
  const left = Promise.withResolvers<Left>()
  let isEnding = false
  const leave = (end: Left) => {
    if (isEnding) return
    isEnding = true
    // A reader of stdout that does not read would keep the process alive.
    setTimeout(() => process.exit(end.exitCode), graces.shutdownMs).unref()
    left.resolve(end)
  }
  const onSignal = (signal: NodeJS.Signals) => {
    const end: Left = {kind: 'left', exitCode: 128 + constants.signals[signal]}
    if (isEnding) {
      if (signal !== 'SIGHUP') process.exit(end.exitCode)
      return
    }
    if (signal !== 'SIGINT') return leave(end)
    void interrupt()
      .catch(() => false)
      .then((isInterrupted) => {
        if (!isInterrupted) leave(end)
      })
  }
  onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], onSignal)
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => leave({kind: 'timed-out', exitCode: timedOutExitCode}), timeoutMs)
  const stopTimer = () => clearTimeout(timer)
  return {
    left: left.promise,
    get isEnding() {
      return isEnding
    },
    stopTimer,
    end() {
      isEnding = true
      stopTimer()
    },
  }
}
