import {type InstanceEvent, planRecovery, trimHistory} from '@holdfast/recovery'

import {RecoveryError} from './recovery-error.ts'
import type {Supervisor, SupervisorOptions, SupervisorStatus, Instance} from './supervisor-options.ts'
import {createWaiters} from './waiters.ts'
import {wait as waitForTimer} from './wait.ts'

/** What goes on now: a start, a life, a pause or an ending. Its late words count only while it is still the present one. */
interface Present {
  /** Ends it. Resolves when it has ended. */
  retire(reason: string): Promise<unknown>
}

/** Events kept for a `plan` of the user's own, of which is not known how far back it looks. */
const MAX_HISTORY = 1000

/**
 * Keeps one life of something going: starts it when it is first asked for, and again when it dies, as far as the plan
 * allows. It is the one owner of that recovery: however many ask, one life is started.
 */
export function supervise<Value, End>(options: SupervisorOptions<Value, End>): Supervisor<Value> {
  const {start, startTimeoutMs = 15_000, isStartable = () => true, plan = planRecovery, onStatus} = options
  const {now = () => performance.now(), wait = waitForTimer} = options
  const waiters = createWaiters<Value>()
  let status: SupervisorStatus<End> = {kind: 'starting'}
  let history: readonly InstanceEvent[] = []
  let generation = 0
  let present: Present | undefined
  /** The present one, when it is a pause before a restart. */
  let pausing: Present | undefined
  let live: Instance<Value, End> | undefined
  let closed = Promise.resolve()

  function begin(): void {
    const born = (generation += 1)
    const abandon = new AbortController()
    const deadline = new AbortController()
    remember({kind: 'start', at: now()})

    const started = Promise.resolve().then(() => {
      abandon.signal.throwIfAborted()
      return start(born, abandon.signal)
    })
    const settled = started.then(
      (life) => {
        deadline.abort()
        if (present === mine) return goLive(life, born)
        // Nobody is left who would want to hear that it did not end well.
        return endLife(life, 'it came up too late').catch(ignore)
      },
      (error: unknown) => {
        deadline.abort()
        if (present === mine) afterDeath({error, startable: isStartable(error)})
      },
    )
    const mine: Present = {
      retire(reason) {
        deadline.abort()
        abandon.abort(new RecoveryError('closed', `The start was given up: ${reason}`))
        return settled
      },
    }
    present = mine
    whenOver(wait(startTimeoutMs, deadline.signal), () => {
      if (present !== mine) return
      const error = new RecoveryError('start-timeout', `Expected to be ready within ${startTimeoutMs} ms`)
      abandon.abort(error)
      afterDeath({error})
    })
  }

  function goLive(life: Instance<Value, End>, born: number): void {
    const mine: Present = {retire: (reason) => endLife(life, reason)}
    present = mine
    live = life
    remember({kind: 'ready', at: now()})
    void life.closed.then((end) => {
      if (present === mine) afterDeath({end})
    })
    waiters.resolveAll(life.value)
    setStatus({kind: 'live', generation: born})
  }

  function afterDeath(death: {end?: End; error?: unknown; startable?: boolean}): void {
    const {end, startable = true, ...rest} = death
    live = undefined
    remember({kind: 'end', at: now(), startable})
    const next = plan(history, now())
    if (next.kind === 'give-up') {
      const {reason, attempts} = next
      present = undefined
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
    const pause = new AbortController()
    const mine: Present = {retire: async () => pause.abort()}
    present = mine
    pausing = mine
    whenOver(wait(delayMs, pause.signal), () => {
      if (present === mine) begin()
    })
  }

  function restart(reason: string): void {
    if (status.kind === 'closed') return
    if (status.kind === 'gave-up') return retry()
    if (!present) {
      begin()
    } else {
      live = undefined
      remember({kind: 'end', at: now(), requested: true})
      beginWhenEnded(present.retire(reason))
    }
    setStatus({kind: 'starting'})
  }

  /** The old life goes before the new one comes; one that will not go is waited for as long as a start is. */
  function beginWhenEnded(ended: Promise<unknown>): void {
    const deadline = new AbortController()
    const mine: Present = {
      retire() {
        deadline.abort()
        return ended
      },
    }
    present = mine
    whenOver(Promise.race([ended.catch(ignore), wait(startTimeoutMs, deadline.signal)]), () => {
      deadline.abort()
      if (present === mine) begin()
    })
  }

  function retry(): void {
    const isPausing = present !== undefined && present === pausing
    if (isPausing) void present?.retire('a retry was asked for')
    else if (status.kind !== 'gave-up') return
    remember({kind: 'retry', at: now()})
    begin()
    setStatus({kind: 'starting'})
  }

  function remember(event: InstanceEvent): void {
    const longer = [...history, event]
    history = plan === planRecovery ? trimHistory(longer, event.at) : longer.slice(-MAX_HISTORY)
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
      if (!present) {
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
      const last = present
      live = undefined
      present = undefined
      status = {kind: 'closed', reason}
      waiters.rejectAll(wasClosed(reason))
      closed = last ? last.retire(reason).then(ignore) : Promise.resolve()
      setStatus(status)
      return closed
    },
  }
}

async function endLife<End>(life: Instance<unknown, End>, reason: string): Promise<void> {
  await life.close(reason)
  await life.closed
}

function gaveUp(reason: 'budget' | 'not-startable', attempts: number, cause: unknown): RecoveryError {
  const why = reason === 'budget' ? `gave up after ${attempts} restarts` : 'cannot be started'
  return new RecoveryError('gave-up', `Expected it to live, but it ${why}`, cause === undefined ? {} : {cause})
}

function wasClosed(reason: string): RecoveryError {
  return new RecoveryError('closed', `Expected it to be open, but it was closed: ${reason}`)
}

/** Calls `next` when `time` is over; not when the waiting for it was given up. */
function whenOver(time: Promise<unknown>, next: () => void): void {
  void time.then(next, ignore)
}

function ignore(): void {}
