import {writeSync} from 'node:fs'
import {constants} from 'node:os'
import type {Readable} from 'node:stream'
import {inspect} from 'node:util'

import {type Breadcrumbs, errorFacts, type Fact, noBreadcrumbs} from '@holdfast/breadcrumbs'

/** Why a process ends. */
export type EndCause =
  | {kind: 'signal'; signal: NodeJS.Signals}
  /** Nobody is at the other end of stdin any more. */
  | {kind: 'stdin-ended'}
  /** It was at a terminal, which was closed. */
  | {kind: 'terminal-gone'}
  /** `by` is who wanted it, where that was not the process itself. */
  | {kind: 'asked'; why: string; by?: 'user' | 'parent'}
  /** Memory is used up, all but a little. */
  | {kind: 'memory'; usedBytes: number; limitBytes: number}
  /** An error that nobody caught, or a rejection that nobody handled. */
  | {kind: 'uncaught'; error: unknown}

export interface EndInOrderOptions {
  /** Stops accepting, flushes, puts things back. Called once, with the first cause. */
  onEnd: (cause: EndCause) => void | Promise<void>
  /** The process ends after so long even if `onEnd` has not, ms. @default 1000 */
  deadlineMs?: number | undefined
  /** @default ['SIGTERM', 'SIGHUP', 'SIGINT'] */
  signals?: readonly NodeJS.Signals[] | undefined
  /**
   * A stream whose end, also by an error, is a cause: `stdin-ended`, or `terminal-gone` for that of a terminal. It must be
   * read by somebody: a stream that nobody reads does not end.
   */
  stdin?: (Readable & {isTTY?: boolean}) | undefined
  /** @default none are left */
  breadcrumbs?: Breadcrumbs | undefined
  /** @default process.exit */
  exit?: ((code: number) => void) | undefined
}

export interface Ending {
  /** Ends the process in order; a text is why it was asked to. Does nothing when it is ending. */
  end(cause: string | EndCause): void
  /** Lets go of signals, stream and deadline: from now on the process ends as any other. */
  dispose(): void
}

/**
 * Ends this process in order on the first cause: records it, calls `onEnd`, and exits when that is done, or at a deadline
 * of its own. The exit code is 128 + its number for a signal, 129 for a terminal that is gone, 137 for memory, 1 for an
 * uncaught error, and 0 for all else, or 1 if `onEnd` failed. Errors are printed on stderr, last of all. A second signal
 * exits at once; but a SIGHUP does not, as nobody sends it out of impatience: a terminal that is closed says it twice, by
 * the kernel and by the shell.
 */
export function endInOrder(options: EndInOrderOptions): Ending {
  const {onEnd, deadlineMs = 1000, signals = ['SIGTERM', 'SIGHUP', 'SIGINT'], stdin} = options
  const {breadcrumbs = noBreadcrumbs, exit = (code) => process.exit(code)} = options
  let cause: EndCause | undefined
  let deadline: NodeJS.Timeout | undefined
  let isOver = false

  function begin(next: EndCause): void {
    if (cause || isOver) return
    cause = next
    breadcrumbs.record('ending', factsOf(next))
    deadline = setTimeout(() => {
      breadcrumbs.record('end-overdue', {deadline_ms: deadlineMs})
      finish(exitCodeOf(next))
    }, deadlineMs)
    // Called within a promise, so that a callback that throws is like one that rejects.
    void Promise.resolve(next)
      .then(onEnd)
      .then(
        () => finish(exitCodeOf(next)),
        (error: unknown) => {
          breadcrumbs.record('end-failed', errorFacts(error))
          finish(exitCodeOf(next) || 1, error)
        },
      )
  }

  function finish(code: number, failure?: unknown): void {
    if (isOver) return
    dispose()
    if (cause?.kind === 'uncaught') complain(cause.error)
    if (failure !== undefined) complain(failure)
    exit(code)
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (!cause) return begin({kind: 'signal', signal})
    breadcrumbs.record('signal-while-ending', {signal})
    if (signal !== 'SIGHUP') finish(signalCode(signal))
  }
  const onStdinEnd = () => begin({kind: stdin?.isTTY ? 'terminal-gone' : 'stdin-ended'})
  const onUncaught = (error: unknown) => {
    if (cause) breadcrumbs.record('uncaught-while-ending', errorFacts(error))
    begin({kind: 'uncaught', error})
  }

  function dispose(): void {
    isOver = true
    clearTimeout(deadline)
    for (const signal of signals) process.off(signal, onSignal)
    for (const event of stdinEnds) stdin?.off(event, onStdinEnd)
    process.off('uncaughtException', onUncaught)
  }

  for (const signal of signals) process.on(signal, onSignal)
  for (const event of stdinEnds) stdin?.on(event, onStdinEnd)
  // Rejections come here, too, as long as nobody listens to them by themselves.
  process.on('uncaughtException', onUncaught)

  return {end: (next) => begin(typeof next === 'string' ? {kind: 'asked', why: next} : next), dispose}
}

/** A terminal that is closed may also fail to be read, before anybody signals its end. */
const stdinEnds = ['end', 'close', 'error']

function exitCodeOf(cause: EndCause): number {
  switch (cause.kind) {
    case 'signal':
      return signalCode(cause.signal)
    case 'terminal-gone':
      return signalCode('SIGHUP')
    case 'memory':
      return signalCode('SIGKILL')
    case 'uncaught':
      return 1
    case 'asked':
    case 'stdin-ended':
      return 0
  }
}

function signalCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

function factsOf(cause: EndCause): Record<string, Fact | undefined> {
  switch (cause.kind) {
    case 'signal':
      return {cause: cause.kind, signal: cause.signal}
    case 'asked':
      return {cause: cause.kind, by: cause.by, why: cause.why}
    case 'uncaught':
      return {cause: cause.kind, ...errorFacts(cause.error)}
    case 'memory':
      return {cause: cause.kind, used_bytes: cause.usedBytes, limit_bytes: cause.limitBytes}
    case 'stdin-ended':
    case 'terminal-gone':
      return {cause: cause.kind}
  }
}

function complain(error: unknown): void {
  try {
    // At once, and without a stream that could fail later: this may be the last thing that the process does.
    writeSync(2, `${inspect(error)}\n`)
  } catch {
    // Nobody is there to read it.
  }
}
