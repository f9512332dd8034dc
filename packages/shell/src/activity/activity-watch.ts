/** The apparent activity of a running program. A hint, which may be wrong. */
export interface Activity {
  /**
   * - `running`: it has just printed something or received input.
   * - `waiting-for-input`: it prints nothing, and reads its terminal.
   * - `quiet`: it prints nothing, for an unknown reason.
   */
  state: 'running' | 'waiting-for-input' | 'quiet'
  /** Whether the terminal echoes typed text; `false` for a password. Present only while the program waits for a line. */
  echo?: boolean
}

export interface ActivityWatchOptions {
  /** Detects what the program does at this moment. */
  detect(): Promise<Activity>
  onActivity(activity: Activity): void
}

/** Watches the running program. Detects nothing while it prints, or once it waits for input. */
export interface ActivityWatch {
  /** A program begins to run, as `running`. */
  begin(): void
  /** The program has printed something or received input. */
  note(): void
  end(): void
}

const FIRST_MS = 100
/** The pauses before each detection in a quiet program, ms; after the last one there is none. */
const DETECT_AFTER_MS = [FIRST_MS, 200, 400, 800, 1600, 3200, 6400]

export function createActivityWatch({detect, onActivity}: ActivityWatchOptions): ActivityWatch {
  let reported: Activity | undefined
  let timer: NodeJS.Timeout | undefined
  let isWatching = false
  let detections = 0
  let notedAt = 0

  function report(activity: Activity): void {
    if (reported?.state === activity.state && reported.echo === activity.echo) return
    reported = activity
    onActivity(activity)
  }

  function detectSoon(afterMs: number): void {
    timer ??= setTimeout(() => {
      timer = undefined
      // Output is frequent, so it does not reset the timer.
      const leftMs = notedAt + FIRST_MS - performance.now()
      if (leftMs > 0) detectSoon(leftMs)
      else void detectNow()
    }, afterMs)
  }

  async function detectNow(): Promise<void> {
    const before = notedAt
    const activity = await detect()
    if (!isWatching) return
    if (before !== notedAt) return detectSoon(FIRST_MS)
    report(activity)
    const afterMs = DETECT_AFTER_MS[++detections]
    if (activity.state !== 'waiting-for-input' && afterMs !== undefined) detectSoon(afterMs)
  }

  function note(): void {
    if (!isWatching) return
    notedAt = performance.now()
    detections = 0
    if (reported !== undefined && reported.state !== 'running') report({state: 'running'})
    detectSoon(FIRST_MS)
  }

  return {
    begin() {
      isWatching = true
      reported = {state: 'running'}
      note()
    },
    note,
    end() {
      isWatching = false
      reported = undefined
      clearTimeout(timer)
      timer = undefined
    },
  }
}
