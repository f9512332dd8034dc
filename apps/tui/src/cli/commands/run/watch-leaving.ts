import {constants} from 'node:os'

/** This process is to end, whatever becomes of the command. */
export type Left = {kind: 'left'; exitCode: number} | {kind: 'timed-out'; exitCode: number}

export interface LeavingOptions {
  /** @default none */
  timeoutMs: number | undefined
  /** Hands a Ctrl-C on; `false`: there is nothing to interrupt. */
  interrupt: () => Promise<boolean>
}

export interface Leaving {
  readonly left: Promise<Left>
  /** There is no hurry any more: the time cannot run out. */
  stopTimer(): void
  /** The process ends: from now on, a signal ends it at once. */
  end(): void
}

/** As `timeout(1)` has it. */
const timedOutExitCode = 124
/** How long an ending may take that is not of the command's own, ms. */
const endWithinMs = 1000

/**
 * Watches for what ends `run` before its command has ended: signals and time. From the first of them on, the process ends
 * within 1 s, whatever hangs, and at once at a second signal. A second SIGHUP is not one: a closed terminal says it twice.
 */
export function watchLeaving({timeoutMs, interrupt}: LeavingOptions): Leaving {
  const left = Promise.withResolvers<Left>()
  let isEnding = false
  const leave = (end: Left) => {
    if (isEnding) return
    isEnding = true
    // A reader of stdout who does not read would hold the process, too.
    setTimeout(() => process.exit(end.exitCode), endWithinMs).unref()
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
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal)
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => leave({kind: 'timed-out', exitCode: timedOutExitCode}), timeoutMs)
  const stopTimer = () => clearTimeout(timer)
  return {
    left: left.promise,
    stopTimer,
    end() {
      isEnding = true
      stopTimer()
    },
  }
}
