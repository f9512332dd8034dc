import {isGroupAlive, signalGroup} from './process-group.ts'

/** Ends a process group that was asked to end: SIGTERM at one deadline, SIGKILL at the next. */
export interface StopSequence {
  /** Sets the deadlines: SIGTERM after `graceMs`, SIGKILL `killAfterMs` later. Called again, the earlier ones hold. */
  climb(graceMs: number, killAfterMs: number): void
  /** The leader has ended. What is left of its group has nothing more to be asked by, and gets SIGTERM. */
  leaderEnded(): void
  /** Resolves when the leader has ended, and its group is gone or had its SIGKILL. */
  readonly done: Promise<void>
}

/** How often to look whether a group without a leader is gone: the system does not tell. */
const POLL_MS = 20
/** Longer timers would ring at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * `isLeader` tells whether the leader's pid is still its own, where that is not known from its exit: while it is not, no
 * signal is sent.
 */
export function createStopSequence(
  leader: number,
  onSignal: (signal: NodeJS.Signals) => void,
  isLeader: () => boolean = () => true,
): StopSequence {
  const done = Promise.withResolvers<void>()
  let step: 'asked' | 'SIGTERM' | 'SIGKILL' = 'asked'
  let termAt = Infinity
  let killAt = Infinity
  let shortestTermMs = Infinity
  let hasLeader = true
  let timer: NodeJS.Timeout | undefined

  function climb(graceMs: number, killAfterMs: number): void {
    const now = performance.now()
    shortestTermMs = Math.min(shortestTermMs, killAfterMs)
    termAt = Math.min(termAt, now + graceMs)
    killAt = Math.min(killAt, now + graceMs + shortestTermMs)
    look()
  }

  function look(): void {
    clearTimeout(timer)
    if (!hasLeader && (step === 'SIGKILL' || !isGroupAlive(leader))) return done.resolve()
    const now = performance.now()
    if (step === 'asked' && now >= termAt) send('SIGTERM')
    if (step === 'SIGTERM' && now >= killAt) send('SIGKILL')
    if (step === 'SIGKILL') {
      if (!hasLeader) done.resolve()
      return
    }
    const nextAt = Math.min(step === 'asked' ? termAt : killAt, hasLeader ? Infinity : now + POLL_MS)
    timer = setTimeout(look, Math.min(nextAt - now, MAX_TIMER_MS))
  }

  function send(signal: 'SIGTERM' | 'SIGKILL'): void {
    step = signal
    if (hasLeader && !isLeader()) return
    if (signalGroup(leader, signal)) onSignal(signal)
  }

  return {
    climb,
    leaderEnded() {
      hasLeader = false
      climb(0, shortestTermMs)
    },
    done: done.promise,
  }
}
