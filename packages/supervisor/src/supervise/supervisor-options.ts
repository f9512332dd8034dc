import type {InstanceEvent, RecoveryPlan} from '@holdfast/recovery'

/** One running instance, such as a child process or a connection. */
export interface Instance<Value, End> {
  value: Value
  /** Resolves when the instance has ended, for whatever reason. Never rejects. */
  closed: Promise<End>
  /** Ends the instance. `closed` resolves after it. */
  close(reason: string): void | Promise<void>
}

export type SupervisorStatus<End> =
  /** The first start, or a requested one, is under way or has yet to be asked for by `current`. */
  | {kind: 'starting'}
  | {kind: 'live'; generation: number}
  /**
   * The instance ended, and restart number `attempt` of at most `of` is under way or waits for its delay. `end` is missing
   * when the instance could not be started. `crashLoop`: it ended often without a healthy instance in between.
   */
  | {kind: 'recovering'; attempt: number; of: number; crashLoop?: true; end: End | undefined; error?: unknown}
  /** Nothing is started any more until `retry`. */
  | {kind: 'gave-up'; reason: 'budget' | 'not-startable'; attempts: number; end: End | undefined; error?: unknown}
  | {kind: 'closed'; reason: string}

export interface SupervisorOptions<Value, End> {
  /**
   * Starts instance number `generation`, counted from 1; rejects when it cannot. `signal` aborts when the start takes too
   * long or is not wanted any more: then clean up. It does not abort once the instance is live.
   */
  start(generation: number, signal: AbortSignal): Promise<Instance<Value, End>>
  /** A start that takes longer counts as failed, ms. @default 15_000 */
  startTimeoutMs?: number | undefined
  /** Returns false when trying again after this error of `start` is pointless. @default () => true */
  isStartable?: ((error: unknown) => boolean) | undefined
  /** Decides what to do after an end. Same history and `now`, same plan. @default planRecovery */
  plan?: ((history: readonly InstanceEvent[], now: number) => RecoveryPlan) | undefined
  /** Called with each new status, after it took effect. Errors that it throws are thrown in a microtask of their own. */
  onStatus?: ((status: SupervisorStatus<End>) => void) | undefined
  /** The time of a monotonic clock, ms. @default performance.now */
  now?: (() => number) | undefined
  /** Resolves after `ms`, rejects when `signal` aborts. @default setTimeout */
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

export interface Supervisor<Value> {
  /**
   * The value of the live instance. Waits for a start or a restart that is under way; the first call begins the first
   * start. Rejects with a `RecoveryError` after giving up and after `close`, and with the reason of `signal` when that
   * aborts.
   */
  current(options?: {signal?: AbortSignal | undefined}): Promise<Value>
  readonly status: SupervisorStatus<unknown>
  /** Ends the instance and starts the next one, outside of the restart budget. After giving up it is a `retry`. */
  restart(reason: string): void
  /** After giving up, or while a restart waits for its delay: starts at once, with a fresh budget. Else does nothing. */
  retry(): void
  /** Ends the instance for good. Resolves when it has ended, rejects when its `close` throws. */
  close(reason: string): Promise<void>
}
