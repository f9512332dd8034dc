import type {Reading} from './decide-input.ts'

/** The apparent activity of a running program. A hint, which may be wrong. */
export interface Activity extends Reading {
  /**
   * - `running`: it has just printed something or received input.
   * - `waiting-for-input`: it prints nothing, and reads its terminal.
   * - `quiet`: it prints nothing, for an unknown reason.
   */
  state: 'running' | 'waiting-for-input' | 'quiet'
}

export interface ActivityWatchOptions {
  /** Detects what the program does at this moment. `isThorough`: also of a program that seems not to read its terminal. */
  detect(isThorough: boolean): Promise<Activity>
  onActivity(activity: Activity): void
}

/**
 * Watches the running program. Between two looks, what the program reads is what the last look found. It looks when the
 * program has printed nothing for a while, also while it prints as long as it had read something before, and not again once
 * it waits for input.
 */
export interface ActivityWatch {
  /** A program begins to run, as `running`. */
  begin(): void
  /** The program has received input. */
  noteInput(): void
  /** The program has printed this. */
  noteOutput(data: Uint8Array): void
  /** The program uses the whole screen, or no longer. */
  noteFullScreen(isFullScreen: boolean): void
  /** Looks now, and reports a change. At most one look waits for the one that is in progress. */
  look(): Promise<Reading>
  end(): void
}

/** How long a program must have printed nothing, ms. */
const QUIET_MS = 100
/** The same after output without a line end, as of a question; twice as long after each look that found no reader. */
const QUESTION_MS = 25
/** The same for a full-screen program: what it reads is known, and no look delays what is typed or drawn. */
const FULL_SCREEN_MS = 1000
/** The pauses between the looks at a quiet program, ms; after the last one there is none. */
const LOOK_AGAIN_MS = [75, 200, 400, 800, 1600, 3200, 6400]
/** A program that reads, and prints without a pause, is looked at after this time, ms, then less and less often. */
const BUSY_MS = 200
const MAX_BUSY_MS = 3200
const LINE_FEED = 0x0a

const nothing: Reading = {input: 'none', mayBeSecret: false}

export function createActivityWatch({detect, onActivity}: ActivityWatchOptions): ActivityWatch {
  let reported: Activity = {state: 'running', ...nothing}
  let timer: NodeJS.Timeout | undefined
  let timerAt = 0
  let isWatching = false
  let isFullScreen = false
  /** Counts programs. */
  let programs = 0
  let looks = 0
  let notedAt = 0
  /** Of the last output or input. */
  let quietMs = QUIET_MS
  let questionMs = QUESTION_MS
  let busyMs = BUSY_MS
  let lookedAt = 0
  /** Counts the looks that were asked for. */
  let answered = 0
  let looking: Promise<Reading> | undefined
  let next: Promise<Reading> | undefined

  function report(activity: Activity): void {
    const {state, input, mayBeSecret} = reported
    if (state === activity.state && input === activity.input && mayBeSecret === activity.mayBeSecret) return
    reported = activity
    onActivity(activity)
  }

  const isReading = () => reported.input !== 'none'

  function lookSoon(afterMs: number): void {
    const at = performance.now() + afterMs
    // Output is frequent, so it does not reset a timer that is early enough.
    if (timer !== undefined && timerAt <= at) return
    clearTimeout(timer)
    timerAt = at
    timer = setTimeout(() => {
      timer = undefined
      const now = performance.now()
      const leftMs = notedAt + quietMs - now
      const isDue = leftMs <= 0 || (isReading() && !isFullScreen && now - lookedAt >= busyMs)
      if (!isDue) lookSoon(leftMs)
      else void lookAndGoOn(leftMs > 0)
    }, afterMs)
  }

  async function lookAndGoOn(isBusy: boolean): Promise<void> {
    const before = notedAt
    lookedAt = performance.now()
    const program = programs
    const asked = answered
    // After what may be a question, an echo that is off is found also before the program reads. Other looks cost less.
    const isQuestion = quietMs < QUIET_MS
    const activity = await detect(isReading() || isQuestion)
    if (!isWatching || program !== programs) return
    // A look that was asked for meanwhile is newer.
    if (asked !== answered) return lookSoon(quietMs)
    const isNoted = before !== notedAt
    // Output that follows does not change what the program reads.
    if (isBusy || isNoted) report({...activity, state: 'running'})
    else report(activity)
    if (isReading()) questionMs = QUESTION_MS
    else if (isQuestion) questionMs = Math.min(2 * questionMs, QUIET_MS)
    if (!isNoted) quietMs = QUIET_MS
    busyMs = isBusy ? Math.min(2 * busyMs, MAX_BUSY_MS) : BUSY_MS
    if (isBusy || isNoted) return lookSoon(quietMs)
    const afterMs = LOOK_AGAIN_MS[looks++]
    if (activity.state !== 'waiting-for-input' && afterMs !== undefined) lookSoon(afterMs)
  }

  function note(afterMs: number): void {
    notedAt = performance.now()
    quietMs = isFullScreen ? FULL_SCREEN_MS : afterMs
    looks = 0
    // Behind each key of a program that has the terminal, the report would delay the echo.
    if (reported.state !== 'running' && reported.input !== 'terminal') report({...reported, state: 'running'})
    lookSoon(quietMs)
  }

  async function lookNow(): Promise<Reading> {
    const program = programs
    const activity = await detect(true)
    if (!isWatching || program !== programs) return nothing
    answered += 1
    report(activity)
    return activity
  }

  function look(): Promise<Reading> {
    if (!isWatching) return Promise.resolve(nothing)
    if (looking === undefined) return (looking = lookNow().finally(() => (looking = undefined)))
    // The one that is in progress may have looked before the caller asked.
    next ??= looking.then(() => {
      next = undefined
      return look()
    })
    return next
  }

  return {
    begin() {
      isWatching = true
      isFullScreen = false
      programs += 1
      reported = {state: 'running', ...nothing}
      questionMs = QUESTION_MS
      busyMs = BUSY_MS
      note(QUIET_MS)
    },
    noteInput() {
      if (!isWatching) return
      questionMs = QUESTION_MS
      note(QUIET_MS)
    },
    noteOutput(data) {
      if (isWatching) note(data.at(-1) === LINE_FEED ? QUIET_MS : questionMs)
    },
    noteFullScreen(isNow) {
      if (!isWatching) return
      isFullScreen = isNow
      if (isNow) {
        quietMs = FULL_SCREEN_MS
        return report({...reported, input: 'terminal', mayBeSecret: false})
      }
      questionMs = QUESTION_MS
      note(questionMs)
    },
    look,
    end() {
      isWatching = false
      clearTimeout(timer)
      timer = undefined
    },
  }
}
