/**
 * One thing that happened to a supervised process, connection or the like. A history lists these events, oldest first.
 *
 * `at` is in milliseconds. All times of a history, and the `now` that is used with it, come from one monotonic clock, so
 * that a change of the system time neither grants nor takes a restart.
 *
 * `target` is the work that the next instance should continue, such as the id of a session. An event without it leaves the
 * last one in place, so the target survives instances that crashed before they took it up. `null` removes it.
 */
export type InstanceEvent = {at: number; target?: string | null | undefined} & (
  | {
      /** A start was begun. */
      kind: 'start'
    }
  | {
      /** The instance is ready. */
      kind: 'ready'
    }
  | {
      /** It ended, or could not be started. */
      kind: 'end'
      /** The end was requested, so it does not count. */
      requested?: boolean
      /** `false`: trying again is pointless, such as when the executable is missing. */
      startable?: boolean
    }
  | {
      /** A person asked to try again: a fresh budget. */
      kind: 'retry'
    }
)
