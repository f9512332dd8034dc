import {isWaiting, type ProcessStat} from '../process-stat.ts'

export interface PromptWatchOptions {
  /** The state of the shell's process; undefined where it is unknown. */
  stat(): ProcessStat | undefined
  /** The shell has something to do before it draws its prompt, although it may seem to wait. */
  isBusy(): boolean
  /** The shell has drawn its prompt, and waits. */
  onDrawn(): void
}

/** Detects when a shell has drawn its prompt. Costs nothing afterwards. */
export interface PromptWatch {
  /** The shell may be drawing its prompt. A second call while the watch runs has no effect. */
  begin(): void
  /** The shell has printed something. */
  note(): void
  end(): void
}

const CHECK_MS = 10
/** A waiting shell that has printed nothing for this time has drawn its prompt, ms. */
const QUIET_MS = 20
/** The same in ms, where it is unknown whether the shell waits. */
const LONG_QUIET_MS = 100
/** A background job may print without a pause. Number of equal checks in a row after which the prompt counts as drawn. */
const IDLE_CHECKS = 3

export function createPromptWatch({stat, isBusy, onDrawn}: PromptWatchOptions): PromptWatch {
  let reading: NodeJS.Immediate | undefined
  let checking: NodeJS.Timeout | undefined
  let printedAt = 0
  /** The time of the last output, if the last check found the prompt drawn. */
  let drawnSince: number | undefined
  let idle = {ticks: -1, checks: 0}

  /** Lets pending output of the shell be read first. */
  function checkLater(): void {
    reading = setImmediate(() => {
      reading = undefined
      checking = setTimeout(check, CHECK_MS)
    })
  }

  function check(): void {
    checking = undefined
    if (isBusy()) {
      forget()
      return checkLater()
    }
    const found = stat()
    const quietMs = performance.now() - printedAt
    const isDrawn = found === undefined ? quietMs >= LONG_QUIET_MS : isWaiting(found) && quietMs >= QUIET_MS
    // After a delay of this process, unread output may wait: one check alone proves nothing.
    if (isDrawn && drawnSince === printedAt) return onDrawn()
    drawnSince = isDrawn ? printedAt : undefined
    const isIdle = isWaiting(found)
    idle = {ticks: found?.ticks ?? -1, checks: isIdle && found.ticks === idle.ticks ? idle.checks + 1 : 0}
    if (idle.checks >= IDLE_CHECKS) onDrawn()
    else checkLater()
  }

  /** Begins to watch anew. */
  function forget(): void {
    printedAt = performance.now()
    drawnSince = undefined
    idle = {ticks: -1, checks: 0}
  }

  function end(): void {
    clearImmediate(reading)
    clearTimeout(checking)
    reading = checking = undefined
  }

  return {
    begin() {
      if (reading !== undefined || checking !== undefined) return
      forget()
      checkLater()
    },
    note: () => void (printedAt = performance.now()),
    end,
  }
}
