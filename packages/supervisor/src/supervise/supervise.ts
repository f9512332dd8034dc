import {type InstanceEvent, planRecovery, trimHistory} from '@holdfast/recovery'

import {RecoveryError} from './recovery-error.ts'
import type {Instance, Supervisor, SupervisorOptions, SupervisorStatus} from './supervisor-options.ts'
import {wait as waitForTimer} from './wait.ts'
import {createWaiters} from './waiters.ts'

/** What is going on: a start, a live instance, a delay or an end. Its late events count only while it is still current. */
interface Phase {
  /** Ends it. Resolves when it has ended. */
  end(reason: string): Promise<unknown>
}

/** Events that are kept for a custom `plan`, which may look back any distance. */
const maxHistory = 1000

/**
 * Keeps one instance of something running: starts it at the first call of `current`, and again whenever it ends, unless the
 * plan gives up. Starts one instance, however many callers wait for it.
 */
export function supervise<Value, End>(options: SupervisorOptions<Value, End>): Supervisor<Value> {
  const {start, startTimeoutMs = 15_000, isStartable = () => true, plan = planRecovery, onStatus} = options
  const {now = () => performance.now(), wait = waitForTimer} = options
  const waiters = createWaiters<Value>()
  let status: SupervisorStatus<End> = {kind: 'starting'}
  let history: readonly InstanceEvent[] = []
  let generation = 0
  let phase: Phase | undefined
  /** The current phase, if it is a delay before a restart. */
  let delay: Phase | undefined
  let live: Instance<Value, End> | undefined
  let closed = Promise.resolve()

  function begin(): void {
    const number = (generation += 1)
    const abandon = new AbortController()
    const deadline = new AbortController()
    remember({kind: 'start', at: now()})

    const started = Promise.resolve().then(() => {
      abandon.signal.throwIfAborted()
      return start(number, abandon.signal)
    })
    const settled = started.then(
      (instance) => {
        deadline.abort()
        if (phase === starting) return goLive(instance, number)
        // No caller waits for it any more, so none would handle an error of its end.
        return endInstance(instance, 'it was ready too late').catch(ignore)
      },
      (error: unknown) => {
        deadline.abort()
        if (phase === starting) recover({error, startable: isStartable(error)})
      },
    )
    const starting: Phase = {
      end(reason) {
        deadline.abort()
        abandon.abort(new RecoveryError('closed', `The start was abandoned: ${reason}`))
        return settled
      },
    }
    phase = starting
    after(wait(startTimeoutMs, deadline.signal), () => {
      if (phase !== starting) return
      const error = new RecoveryError('start-timeout', `Not ready after ${startTimeoutMs} ms`)
      abandon.abort(error)
      recover({error})
    })
  }

  function goLive(instance: Instance<Value, End>, number: number): void {
    const living: Phase = {end: (reason) => endInstance(instance, reason)}
    phase = living
    live = instance
    remember({kind: 'ready', at: now()})
    void instance.closed.then((end) => {
      if (phase === living) recover({end})
    })
    waiters.resolveAll(instance.value)
    setStatus({kind: 'live', generation: number})
  }

  function recover(failure: {end?: End; error?: unknown; startable?: boolean}): void {
    const {end, startable = true, ...rest} = failure
    live = undefined
    remember({kind: 'end', at: now(), startable})
    const next = plan(history, now())
    if (next.kind === 'give-up') {
      const {reason, attempts} = next
      phase = undefined
      waiters.rejectAll(gaveUp(reason, attempts, rest.error))
      setStatus({kind: 'gave-up', reason, attempts, end, ...rest})
    } else {
      beginAfter(next.delayMs)
      const {attempt, of, crashLoop} = next
      setStatus({kind: 'recovering', attempt, of, ...(crashLoop && {crashLoop}), end, ...rest})
    }
  }

  function beginAfter(delayMs: number): void {
    if (delayMs <= 0) return begin()
    const timer = new AbortController()
    const waiting: Phase = {end: async () => timer.abort()}
    phase = delay = waiting
    after(wait(delayMs, timer.signal), () => {
      if (phase === waiting) begin()
    })
  }

  function restart(reason: string): void {
    if (status.kind === 'closed') return
    if (status.kind === 'gave-up') return retry()
    if (!phase) {
      begin()
    } else {
      live = undefined
      remember({kind: 'end', at: now(), requested: true})
      beginWhenEnded(phase.end(reason))
    }
    setStatus({kind: 'starting'})
  }

  /** Starts the next instance when the old one has ended, or when that has taken as long as a start may take. */
  function beginWhenEnded(ended: Promise<unknown>): void {
    const deadline = new AbortController()
    const ending: Phase = {
      end() {
        deadline.abort()
        return ended
      },
    }
    phase = ending
    after(Promise.race([ended.catch(ignore), wait(startTimeoutMs, deadline.signal)]), () => {
      deadline.abort()
      if (phase === ending) begin()
    })
  }

  function retry(): void {
    const isDelayed = phase !== undefined && phase === delay
    if (isDelayed) void phase?.end('a retry was requested')
    else if (status.kind !== 'gave-up') return
    remember({kind: 'retry', at: now()})
    begin()
    setStatus({kind: 'starting'})
  }

  function remember(event: InstanceEvent): void {
    const longer = [...history, event]
    history = plan === planRecovery ? trimHistory(longer, event.at) : longer.slice(-maxHistory)
  }

  function setStatus(next: SupervisorStatus<End>): void {
    status = next
    try {
      onStatus?.(next)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }

  return {
    async current({signal} = {}) {
      signal?.throwIfAborted()
      if (live) return live.value
      if (status.kind === 'closed') throw wasClosed(status.reason)
      if (status.kind === 'gave-up') throw gaveUp(status.reason, status.attempts, status.error)
      const value = waiters.add(signal)
      if (!phase) {
        begin()
        setStatus({kind: 'starting'})
      }
      return value
    },
    get status() {
      return status
    },
    restart,
    retry,
    close(reason) {
      if (status.kind === 'closed') return closed
      const last = phase
      live = undefined
      phase = undefined
      status = {kind: 'closed', reason}
      waiters.rejectAll(wasClosed(reason))
      closed = last ? last.end(reason).then(ignore) : Promise.resolve()
      setStatus(status)
      return closed
    },
  }
}

async function endInstance<End>(instance: Instance<unknown, End>, reason: string): Promise<void> {
  await instance.close(reason)
  await instance.closed
}

function gaveUp(reason: 'budget' | 'not-startable', attempts: number, cause: unknown): RecoveryError {
  const message = reason === 'budget' ? `Gave up after ${attempts} restarts` : 'Cannot be started'
  return new RecoveryError('gave-up', message, cause === undefined ? {} : {cause})
}

function wasClosed(reason: string): RecoveryError {
  return new RecoveryError('closed', `Closed: ${reason}`)
}

/** Calls `next` when `time` resolves; not when it rejects because the wait was aborted. */
function after(time: Promise<unknown>, next: () => void): void {
  void time.then(next, ignore)
}

function ignore(): void {}
