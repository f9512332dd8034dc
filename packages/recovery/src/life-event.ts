/**
 * One thing that happened to something that is kept alive, oldest first in a history.
 *
 * `at` is in milliseconds. All times of a history, and the `now` that goes with it, come from one clock that never goes
 * back: a monotonic one, so that a changed system time neither grants nor takes a restart.
 */
export type LifeEvent =
  /** A start was begun. */
  | {kind: 'start'; at: number}
  /** It is up. */
  | {kind: 'ready'; at: number}
  /**
   * It died, or could not be started. `requested`: somebody asked for this end, so it is free.
   * `startable: false`: trying again is pointless, as when the executable is missing.
   */
  | {kind: 'end'; at: number; requested?: boolean; startable?: boolean}
  /** A person asked to try again: a fresh budget. */
  | {kind: 'retry'; at: number}
