/**
 * One thing that happened to something that is kept alive, oldest first in a history.
 *
 * `at` is in milliseconds. All times of a history, and the `now` that goes with it, come from one clock that never goes
 * back: a monotonic one, so that a changed system time neither grants nor takes a restart.
 *
 * `target` is what a next life is to take up again, such as the id of a session. Events that name none change nothing of
 * it, so it survives lives that died before they held anything; `null` says that nothing is left to take up.
 */
export type InstanceEvent = {at: number; target?: string | null | undefined} & (
  | {
      /** A start was begun. */
      kind: 'start'
    }
  | {
      /** It is up. */
      kind: 'ready'
    }
  | {
      /** It died, or could not be started. */
      kind: 'end'
      /** Somebody asked for this end, so it is free. */
      requested?: boolean
      /** `false`: trying again is pointless, as when the executable is missing. */
      startable?: boolean
    }
  | {
      /** A person asked to try again: a fresh budget. */
      kind: 'retry'
    }
)
