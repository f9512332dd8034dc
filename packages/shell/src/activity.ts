/** What a program that runs seems to be doing. A hint: programs may do otherwise. */
export interface Activity {
  /**
   * - `running`: it has printed something, or was given something.
   * - `waiting-for-input`: it is quiet, and reads its terminal.
   * - `quiet`: it prints nothing; what it waits for is not known.
   */
  state: 'running' | 'waiting-for-input' | 'quiet'
  /** Whether the terminal shows a line that is typed; `false`: it is a secret. Known only while the program waits for a line. */
  echo?: boolean
}

export interface ActivityWatchOptions {
  /** What is seen of the program at this moment. */
  look(): Promise<Activity>
  onActivity(activity: Activity): void
}

/** Watches what runs. While it prints, or when it was found waiting, that costs no look. */
export interface ActivityWatch {
  /** A program runs from now on. */
  begin(): void
  /** It has printed something, or was given something. */
  note(): void
  end(): void
}

/** How long it has to be quiet until it is looked at, each time again: after the last one, nobody looks any more, ms. */
const LOOKS_AFTER_MS = [100, 200, 400, 800, 1600, 3200, 6400]

export function createActivityWatch({look, onActivity}: ActivityWatchOptions): ActivityWatch {
  let told: Activity | undefined
  let timer: NodeJS.Timeout | undefined
  let isWatching = false
  let looks = 0
  let notedAt = 0

  function tell(activity: Activity): void {
    if (told?.state === activity.state && told.echo === activity.echo) return
    told = activity
    onActivity(activity)
  }

  function lookSoon(afterMs: number): void {
    timer ??= setTimeout(() => {
      timer = undefined
      // Output comes often: it moves no timer.
      const leftMs = notedAt + (LOOKS_AFTER_MS[0] ?? 0) - performance.now()
      if (leftMs > 0) lookSoon(leftMs)
      else void lookNow()
    }, afterMs)
  }

  async function lookNow(): Promise<void> {
    const before = notedAt
    const activity = await look()
    if (!isWatching) return
    if (before !== notedAt) return lookSoon(LOOKS_AFTER_MS[0]!)
    tell(activity)
    const afterMs = LOOKS_AFTER_MS[++looks]
    if (activity.state !== 'waiting-for-input' && afterMs !== undefined) lookSoon(afterMs)
  }

  function note(): void {
    if (!isWatching) return
    notedAt = performance.now()
    looks = 0
    if (told !== undefined && told.state !== 'running') tell({state: 'running'})
    lookSoon(LOOKS_AFTER_MS[0]!)
  }

  return {
    begin() {
      isWatching = true
      told = {state: 'running'}
      note()
    },
    note,
    end() {
      isWatching = false
      told = undefined
      clearTimeout(timer)
      timer = undefined
    },
  }
}
