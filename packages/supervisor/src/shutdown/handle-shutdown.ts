import {writeSync} from 'node:fs'
import {constants} from 'node:os'
import type {Readable} from 'node:stream'
import {inspect} from 'node:util'

import {type Breadcrumbs, errorFacts, type Fact, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {graces} from './graces.ts'
import {onSignals} from './on-signals.ts'

/** Why a process shuts down. */
export type ShutdownCause =
  | {kind: 'signal'; signal: NodeJS.Signals}
  /** The other end of stdin was closed. */
  | {kind: 'stdin-ended'}
  /** The terminal of the process was closed, or the connection to it was lost. */
  | {kind: 'terminal-closed'}
  /** `by` requested the shutdown; missing if the process itself did. */
  | {kind: 'requested'; reason: string; by?: 'user' | 'parent'}
  /** Memory is nearly used up. */
  | {kind: 'memory'; usedBytes: number; limitBytes: number}
  /** An uncaught exception or an unhandled rejection. */
  | {kind: 'uncaught'; error: unknown}

export interface ShutdownOptions {
  /** Stops accepting work, flushes, restores. Called once, with the first cause. */
  onShutdown: (cause: ShutdownCause) => void | Promise<void>
  /** The process exits after this time even if `onShutdown` has not settled, ms. @default 1000 */
  deadlineMs?: number | undefined
  /** @default ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] */
  signals?: readonly NodeJS.Signals[] | undefined
  /**
   * A stream whose end or error starts the shutdown: `terminal-closed` for a terminal, else `stdin-ended`. Something must
   * read it: an unread stream does not end.
   */
  stdin?: (Readable & {isTTY?: boolean}) | undefined
  /** @default noBreadcrumbs */
  breadcrumbs?: Breadcrumbs | undefined
  /** @default process.exit */
  exit?: ((code: number) => void) | undefined
}

export interface Shutdown {
  /** Shuts the process down; a string is the reason of a `requested` shutdown. Does nothing once a shutdown has begun. */
  begin(cause: string | ShutdownCause): void
  /** Removes all listeners and the deadline: from now on the process exits as if `handleShutdown` had not been called. */
  dispose(): void
}

/**
 * Shuts this process down in order on the first cause: records the cause, calls `onShutdown`, and exits when that settles
 * or at the deadline. Exit codes: 128 + the signal's number; 129 for a closed terminal; 137 for memory; 1 for an uncaught
 * error or a failed `onShutdown`; else 0. Errors are printed to stderr last. A second signal exits at once, except SIGHUP:
 * the kernel and the shell both send it when a terminal closes.
 */
export function handleShutdown(options: ShutdownOptions): Shutdown {
  const {onShutdown, deadlineMs = graces.shutdownMs, signals = allSignals, stdin} = options
  const {breadcrumbs = noBreadcrumbs, exit = (code) => process.exit(code)} = options
  let cause: ShutdownCause | undefined
  let deadline: NodeJS.Timeout | undefined
  let isOver = false

  function begin(first: ShutdownCause): void {
    if (cause || isOver) return
    cause = first
    breadcrumbs.record('shutdown', factsOf(first))
    deadline = setTimeout(() => {
      breadcrumbs.record('shutdown-timeout', {deadline_ms: deadlineMs})
      finish(exitCodeOf(first))
    }, deadlineMs)
    // Called inside a promise, so that a callback that throws is treated like one that rejects.
    void Promise.resolve(first)
      .then(onShutdown)
      .then(
        () => finish(exitCodeOf(first)),
        (error: unknown) => {
          breadcrumbs.record('shutdown-failed', errorFacts(error))
          finish(exitCodeOf(first) || 1, error)
        },
      )
  }

  function finish(code: number, failure?: unknown): void {
    if (isOver) return
    dispose()
    if (cause?.kind === 'uncaught') printError(cause.error)
    if (failure !== undefined) printError(failure)
    exit(code)
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (!cause) return begin({kind: 'signal', signal})
    breadcrumbs.record('signal-during-shutdown', {signal})
    if (signal !== 'SIGHUP') finish(signalCode(signal))
  }
  const onStdinEnd = () => begin({kind: stdin?.isTTY ? 'terminal-closed' : 'stdin-ended'})
  const onUncaught = (error: unknown) => {
    if (cause) breadcrumbs.record('uncaught-during-shutdown', errorFacts(error))
    begin({kind: 'uncaught', error})
  }

  function dispose(): void {
    isOver = true
    clearTimeout(deadline)
    stopListening()
    for (const event of stdinEnds) stdin?.off(event, onStdinEnd)
    process.off('uncaughtException', onUncaught)
  }

  const stopListening = onSignals(signals, onSignal)
  for (const event of stdinEnds) stdin?.on(event, onStdinEnd)
  // Unhandled rejections arrive here, too, while nothing listens to `unhandledRejection`.
  process.on('uncaughtException', onUncaught)

  return {begin: (next) => begin(typeof next === 'string' ? {kind: 'requested', reason: next} : next), dispose}
}

const allSignals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT']

/** Reading from a terminal that was closed may fail before any signal arrives. */
const stdinEnds = ['end', 'close', 'error']

function exitCodeOf(cause: ShutdownCause): number {
  switch (cause.kind) {
    case 'signal':
      return signalCode(cause.signal)
    case 'terminal-closed':
      return signalCode('SIGHUP')
    case 'memory':
      return signalCode('SIGKILL')
    case 'uncaught':
      return 1
    case 'requested':
    case 'stdin-ended':
      return 0
  }
}

function signalCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

function factsOf(cause: ShutdownCause): Record<string, Fact | undefined> {
  switch (cause.kind) {
    case 'signal':
      return {cause: cause.kind, signal: cause.signal}
    case 'requested':
      return {cause: cause.kind, by: cause.by, reason: cause.reason}
    case 'uncaught':
      return {cause: cause.kind, ...errorFacts(cause.error)}
    case 'memory':
      return {cause: cause.kind, used_bytes: cause.usedBytes, limit_bytes: cause.limitBytes}
    case 'stdin-ended':
    case 'terminal-closed':
      return {cause: cause.kind}
  }
}

function printError(error: unknown): void {
  try {
    // Synchronous, and not through a stream: the process may exit in the next moment.
    writeSync(2, `${inspect(error)}\n`)
  } catch {
    // Nothing reads stderr any more.
  }
}
