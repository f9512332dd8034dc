import type {InstanceEvent, RecoveryPlan} from '@holdfast/recovery'

/** One life of what is kept: what it offers, and when it ends. */
export interface Instance<Value, End> {
  value: Value
  /** Resolves when the life has ended, however it did. Never rejects. */
  closed: Promise<End>
  /** Ends the life. `closed` resolves after it. */
  close(reason: string): void | Promise<void>
}

export type SupervisorStatus<End> =
  /** The first start, or one that was asked for, is under way or yet to be asked for. */
  | {kind: 'starting'}
  | {kind: 'live'; generation: number}
  /**
   * It died, and restart number `attempt` of at most `of` is waited for or under way. `end` is missing when it could not
   * be started. `crashLoop`: it has died often without being healthy once since.
   */
  | {kind: 'recovering'; attempt: number; of: number; crashLoop?: true; end: End | undefined; error?: unknown}
  /** It stays down until `retry`. */
  | {kind: 'gave-up'; reason: 'budget' | 'not-startable'; attempts: number; end: End | undefined; error?: unknown}
  | {kind: 'closed'; reason: string}

export interface SupervisorOptions<Value, End> {
  /**
   * Starts one life, number `generation`, counted from 1; rejects when it cannot be started. `signal` aborts when the
   * start takes too long or is no longer wanted: then it cleans up after itself. It does not abort once the life is up.
   */
  start(generation: number, signal: AbortSignal): Promise<Instance<Value, End>>
  /** A start that takes longer counts as a death, ms. @default 15_000 */
  startTimeoutMs?: number | undefined
  /** False when an error of `start` will not go away by trying again. @default () => true */
  isStartable?: ((error: unknown) => boolean) | undefined
  /** Decides what follows a death. Same history and `now`, same plan. @default planRecovery */
  plan?: ((history: readonly InstanceEvent[], now: number) => RecoveryPlan) | undefined
  /** Told each new status, after it holds. What it throws is thrown outside of the supervisor. */
  onStatus?: ((status: SupervisorStatus<End>) => void) | undefined
  /** The time in ms, of a clock that never goes back. @default performance.now */
  now?: (() => number) | undefined
  /** Resolves after `ms`, rejects when `signal` aborts. @default setTimeout */
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

export interface Supervisor<Value> {
  /**
   * The value of the present life. Waits for a start or restart under way, begins the first start when there was none.
   * Rejects with `RecoveryError` when it gave up or is closed, and with the reason of `signal` when that aborts.
   */
  current(options?: {signal?: AbortSignal | undefined}): Promise<Value>
  readonly status: SupervisorStatus<unknown>
  /** Ends the present life and starts the next: free of the budget. After giving up it is a `retry`. */
  restart(reason: string): void
  /** After giving up, or in the pause before a restart: starts again at once, with a fresh budget. Else it does nothing. */
  retry(): void
  /** Ends the present life for good. Resolves when it has ended, rejects when its `close` throws. */
  close(reason: string): Promise<void>
}
